/**
 * What lies in memory, and where. The other side of it is `layout.ts`: sizes that both know are macros, made of the constants there
 * when this is compiled; all is little-endian.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <wasm_simd128.h>

#define VISIBLE __attribute__((visibility("default"), used))

/** What a value is; see `template.ts`. */
enum { NO_HOLE, WHOLE, DECIMAL, TEXT };

/** Where the values of a line go: these, and from MEMBERS on those of its groups. */
enum { SEQ, MODULE, ADAPTER, THREAD, CPU, IRQL, TIME, MEMBERS = 8 };

/** `locks`, `args` and `nbls`. */
enum { GROUPS_OF_A_LINE = 3 };

/** Behind each group of that kind a line goes on at `node`. */
typedef struct Jump {
    uint32_t kind;
    uint32_t node;
    const struct Jump *next;
} Jump;

/** How a line ends. */
typedef struct {
    uint32_t number;
    struct {
        /** 0: it has no such member, or one without values. */
        uint32_t holes;
        uint32_t kind;
        /** Where its values are. */
        uint32_t from;
        /** Bytes from the end of its last value to its own end. */
        uint32_t closing;
    } groups[GROUPS_OF_A_LINE];
} Shape;

/** Bytes that all lines that come here have, and what may stand behind them. */
typedef struct Node {
    const uint8_t *run;
    uint32_t runLength;
    /** A node for each byte that may follow (0: none), which that byte leads to; there need be no such table. */
    const uint32_t *branches;
    /** Or a value follows, and then `after`. */
    uint32_t hole;
    uint32_t slot;
    const struct Node *after;
    /** The value is the first of a group: 1 `locks`, 2 `args`, 3 `nbls`; 0: of none. */
    uint32_t begins;
    /** Stands for how such a group begins. */
    uint32_t opening;
    const Jump *jumps;
    /** Or the line ends here, and was one of this shape. */
    const Shape *shape;
} Node;

/** Bytes of the trace. Behind them is room, so that whoever reads them need not look for their end at each byte. */
VISIBLE uint8_t input[INPUT_BYTES + SLACK_BYTES];
/** Nodes and what belongs to them; the root comes first. Written by `tree.ts`. */
VISIBLE _Alignas(16) uint8_t arena[ARENA_BYTES];
/** What the lines were, for `rebuilder.ts`. */
VISIBLE _Alignas(16) uint8_t records[RECORDS_BYTES];
/** So much of it is filled. */
VISIBLE uint32_t recorded;

/** Lines looked at so far. */
static uint32_t lines;

static inline v128_t bytesAt(const void *at) {
    return wasm_v128_load(at);
}

static inline uint64_t eightAt(const void *at) {
    uint64_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return value;
}

/** The first `count` bytes, 0 to 16. */
static inline v128_t masked(v128_t bytes, uint32_t count) {
    const v128_t places = wasm_i8x16_const(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return wasm_v128_and(bytes, wasm_u8x16_lt(places, wasm_u8x16_splat((uint8_t)count)));
}

/** Whether `count` bytes are the same here and there. */
static inline int areSame(const uint8_t *here, const uint8_t *there, uint32_t count) {
    for (; count > 16; count -= 16, here += 16, there += 16)
        if (wasm_v128_any_true(wasm_v128_xor(bytesAt(here), bytesAt(there)))) return 0;
    return !wasm_v128_any_true(masked(wasm_v128_xor(bytesAt(here), bytesAt(there)), count));
}

/** Copies them, and some that follow, to where there is room for up to 15 more. */
static inline void copyBytes(uint8_t *to, const uint8_t *from, uint32_t count) {
    for (uint32_t at = 0; at < count; at += 16) wasm_v128_store(to + at, bytesAt(from + at));
}

/** Room for a record of so many bytes, which are made up to eight. */
static inline uint8_t *newRecord(uint32_t bytes) {
    uint8_t *record = records + recorded;
    recorded += (bytes + 7) & ~7u;
    return record;
}
