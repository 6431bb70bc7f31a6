/**
 * Leads lines through the templates of a trace, which are one tree: a line goes through it once, many bytes at a time, without
 * trying one template after the other. Whatever is written in another way is left to the caller, who gives it to `JSON.parse`.
 */
#include "groups.h"
#include "numbers.h"
#include "texts.h"

/** The last that `irql` may be. */
enum { HIGH_LEVEL = 31 };

/** Values of the line: whole ones and places of texts, and all that are numbers. */
static int64_t wholes[MEMBERS + HOLES];
static double values[MEMBERS + HOLES];
/** Where each ends. */
static const uint8_t *ends[MEMBERS + HOLES];
/** Its groups. */
static Reading readings[GROUPS_OF_A_LINE];

/** Room for texts of any length that end in a piece: behind it is a quote nobody has to look for. */
static inline const uint8_t *textEnd(const uint8_t *at, const uint8_t *filled, v128_t *first) {
    for (const uint8_t *from = at; from < filled; from += 16) {
        v128_t bytes = bytesAt(from);
        if (from == at) *first = bytes;
        v128_t quotes = wasm_i8x16_eq(bytes, wasm_i8x16_const_splat('"'));
        v128_t escapes = wasm_i8x16_eq(bytes, wasm_i8x16_const_splat('\\'));
        // Signed: what is no ASCII is negative.
        v128_t others = wasm_i8x16_lt(bytes, wasm_i8x16_const_splat(' '));
        uint32_t ending = (uint32_t)wasm_i8x16_bitmask(wasm_v128_or(wasm_v128_or(quotes, escapes), others));
        if (ending == 0) continue;
        const uint8_t *end = from + __builtin_ctz(ending);
        return *end == '"' && end < filled ? end : NULL;
    }
    return NULL;
}

static inline const Node *jumpFrom(const Node *node, uint32_t kind) {
    for (const Jump *jump = node->jumps; jump; jump = jump->next)
        if (jump->kind == kind) return (const Node *)jump->node;
    return NULL;
}

/** The place of a group of the line; 0 when it has no values. A new one is recorded. */
static inline int32_t groupOf(const Shape *shape, uint32_t member) {
    uint32_t holes = shape->groups[member].holes;
    if (holes == 0) return 0;
    const Reading *reading = &readings[member];
    if (reading->place > 0) return (int32_t)reading->place;
    uint32_t from = shape->groups[member].from;
    uint32_t kind = shape->groups[member].kind;
    uint32_t valuesLength = (uint32_t)(ends[from + holes - 1] - reading->begun);
    uint32_t entered = enterGroup(reading, valuesLength, valuesLength + shape->groups[member].closing, kind);
    int32_t place = entered > 0 ? (int32_t)entered : (int32_t)member + 1;
    int32_t *record = (int32_t *)newRecord(16 + holes * 8);
    record[0] = GROUP_RECORD;
    record[1] = place;
    record[2] = (int32_t)kind;
    record[3] = 0;
    __builtin_memcpy(record + 4, values + from, holes * 8);
    return place;
}

/** Records a line that fits; 0 when one of its values is not what it may be. */
static inline int pass(const Shape *shape, uint32_t length) {
    if (wholes[SEQ] < 1 || wholes[IRQL] > HIGH_LEVEL || wholes[CPU] > INT32_MAX) return 0;
    // First, because each may put a record of its own in front.
    int32_t locks = groupOf(shape, 0);
    int32_t args = groupOf(shape, 1);
    int32_t nbls = groupOf(shape, 2);
    int32_t *record = (int32_t *)newRecord(LINE_BYTES);
    record[0] = (int32_t)shape->number;
    record[1] = (int32_t)length;
    record[2] = (int32_t)(wholes[SEQ] % SEQ_UNIT);
    record[3] = (int32_t)(wholes[SEQ] / SEQ_UNIT);
    record[4] = (int32_t)wholes[MODULE];
    record[5] = (int32_t)wholes[ADAPTER];
    record[6] = (int32_t)wholes[THREAD];
    record[7] = (int32_t)wholes[CPU];
    record[8] = (int32_t)wholes[IRQL];
    record[9] = locks;
    record[10] = args;
    record[11] = nbls;
    *(double *)(record + 12) = values[TIME];
    return 1;
}

/** Leads a line through the templates. Its end, or NULL. */
static inline const uint8_t *match(const uint8_t *start, const uint8_t *filled) {
    const Node *node = (const Node *)arena;
    const uint8_t *at = start;
    wholes[CPU] = 0;
    wholes[IRQL] = 0;
    for (;;) {
        if (!areSame(at, node->run, node->runLength)) return NULL;
        at += node->runLength;
        if (at > filled) return NULL;
        if (node->branches) {
            uint32_t next = *at < 128 ? node->branches[*at] : 0;
            if (next) {
                at++;
                node = (const Node *)next;
                continue;
            }
        }
        const uint8_t *first = at;
        uint32_t hash;
        uint32_t slot = node->slot;
        if (node->hole == TEXT) {
            v128_t bytes = wasm_i8x16_const_splat(0);
            at = textEnd(first, filled, &bytes);
            if (!at || at == first) return NULL;
            hash = hashOfText(first, (uint32_t)(at - first), bytes);
        } else if (node->hole) {
            Number number = readNumber(first, node->hole);
            at = number.end;
            if (!at) return NULL;
            wholes[slot] = (int64_t)number.digits;
            values[slot] = toDouble(number);
            hash = (uint32_t)number.digits;
        } else {
            if (!node->shape || !pass(node->shape, (uint32_t)(at - start))) return NULL;
            return at;
        }
        if (node->begins) {
            uint32_t place = findGroup(first, hash, node->opening);
            const Node *jump = place ? jumpFrom(node, groups[place].kind) : NULL;
            Reading *reading = &readings[node->begins - 1];
            reading->place = jump ? place : 0;
            if (jump) {
                at = first + groups[place].valuesLength;
                node = jump;
                continue;
            }
            reading->begun = first;
            reading->hash = hash;
            reading->opening = node->opening;
        }
        if (node->hole == TEXT) {
            int place = placeOf(first, (uint32_t)(at - first), hash);
            if (place < 0) return NULL;
            wholes[slot] = place;
            values[slot] = place;
        }
        ends[slot] = at;
        node = node->after;
    }
}

/**
 * Records the lines that fit a template, from `at` (bytes from the beginning of the input) to the first that does not, or that is not
 * there as a whole. Where that begins.
 */
VISIBLE uint32_t scan(uint32_t at, uint32_t count) {
    const uint8_t *filled = input + count;
    const uint8_t *line = input + at;
    while (line < filled) {
        lines++;
        const uint8_t *end = match(line, filled);
        if (!end) break;
        line = end;
    }
    return (uint32_t)(line - input);
}

/** Forgets the texts and groups of another trace. */
VISIBLE void forget(void) {
    __builtin_memset(texts, 0, sizeof texts);
    __builtin_memset(groups, 0, sizeof groups);
    startOver(&textSets);
    startOver(&groupSets);
    recorded = 0;
}
