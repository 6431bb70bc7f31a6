/**
 * How much of a table is in use. Whatever a table knows is kept by whoever made an object of it, which is dear where each name is a new
 * one. So a table is small until names come back that it had to forget.
 */
#pragma once
#include "memory.h"

typedef struct {
    /** Sets in use, a power of two, and how many there are. */
    uint32_t sets;
    uint32_t most;
    /** Of each set. */
    uint32_t ways;
    /** Entered since it was looked at last, and those among them that had been forgotten. */
    uint32_t entered;
    uint32_t again;
    /** Hashes of what was forgotten, as many as there are places. */
    uint32_t *forgotten;
} Sets;

/** It grows when more than every second of those that were entered had been forgotten. */
enum { FEWEST_SETS = 64, WORTH_IT = 2 };

static inline uint32_t setOf(const Sets *table, uint32_t hash) {
    return hash & (table->sets - 1);
}

static inline uint32_t *forgottenAt(Sets *table, uint32_t hash) {
    return &table->forgotten[hash & (table->most * table->ways - 1)];
}

static inline void grow(Sets *table) {
    if (table->sets < table->most) table->sets *= 2;
}

static inline void lookLater(Sets *table) {
    table->entered = 0;
    table->again = 0;
}

/** One more is remembered. `pushedOut`: the hash of what is forgotten for it, or 0. */
static inline void enters(Sets *table, uint32_t hash, uint32_t pushedOut) {
    if (*forgottenAt(table, hash) == hash) table->again++;
    if (pushedOut) *forgottenAt(table, pushedOut) = pushedOut;
    if (++table->entered < table->sets * table->ways) return;
    if (table->again * WORTH_IT > table->entered) grow(table);
    lookLater(table);
}

static inline void startOver(Sets *table) {
    __builtin_memset(table->forgotten, 0, table->most * table->ways * sizeof *table->forgotten);
    table->sets = FEWEST_SETS;
    lookLater(table);
}
