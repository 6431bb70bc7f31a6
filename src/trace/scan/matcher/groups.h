/**
 * Arguments and chains, found again by their bytes: what an NBL looks like is mostly the same all its way long, and is one
 * object then. A group is looked up when its first value has been read; when it is known, the others need not be.
 */
#pragma once
#include "texts.h"

enum { GROUP_WAYS = 4, FIRST_SET = 1 };

typedef struct {
    uint32_t opening;
    /** The line that it was in last. */
    uint32_t seen;
    /** Bytes from its first value to its end, and to the end of its last value. */
    uint32_t length;
    uint32_t valuesLength;
    uint32_t kind;
    uint32_t hash;
    uint8_t bytes[GROUP_BYTES];
} Group;

/** The first set is for groups that are not remembered. */
static Group groups[GROUPS];
static uint32_t forgottenGroups[GROUPS];
static Sets groupSets = {
    .sets = FEWEST_SETS, .most = GROUPS / GROUP_WAYS - FIRST_SET, .ways = GROUP_WAYS, .forgotten = forgottenGroups};

/** A group that is being read. */
typedef struct {
    /** Its place; 0: it is not known. */
    uint32_t place;
    const uint8_t *begun;
    uint32_t hash;
    uint32_t opening;
} Reading;

/** `hash` is of its first value. */
static inline uint32_t hashOfGroup(uint32_t hash, uint32_t opening) {
    uint32_t mixed = (hash ^ opening * 0x9e3779b1u) * 0x85ebca6bu;
    return mixed ^ mixed >> 15;
}

/**
 * Places from here on are those of a group with that hash. A line has fewer groups than these places are, so none of its own is pushed
 * out.
 */
static inline uint32_t firstOf(uint32_t hash) {
    return (FIRST_SET + setOf(&groupSets, hash)) * GROUP_WAYS;
}

/** `hash` is of the first value, which begins at `at`. The place of the group that begins there, or 0. */
static inline uint32_t findGroup(const uint8_t *at, uint32_t hash, uint32_t opening) {
    uint32_t first = firstOf(hashOfGroup(hash, opening));
    for (uint32_t place = first; place < first + GROUP_WAYS; place++) {
        Group *group = &groups[place];
        if (group->opening != opening || !areSame(at, group->bytes, group->length)) continue;
        group->seen = lines;
        return place;
    }
    return 0;
}

/** Remembers a group; its place, or 0 when it is too long. */
static uint32_t enterGroup(const Reading *reading, uint32_t valuesLength, uint32_t length, uint32_t kind) {
    if (length > GROUP_BYTES) return 0;
    uint32_t hash = hashOfGroup(reading->hash, reading->opening);
    uint32_t first = firstOf(hash);
    uint32_t oldest = first;
    for (uint32_t place = first + 1; place < first + GROUP_WAYS; place++)
        if (age(groups[place].seen) > age(groups[oldest].seen)) oldest = place;
    Group *group = &groups[oldest];
    enters(&groupSets, hash, group->hash);
    group->opening = reading->opening;
    group->seen = lines;
    group->length = length;
    group->valuesLength = valuesLength;
    group->kind = kind;
    group->hash = hash;
    __builtin_memcpy(group->bytes, reading->begun, length);
    return oldest;
}
