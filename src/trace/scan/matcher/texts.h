/** Identities and other short texts, found again by their bytes: the same one has the same place, however often it is there. */
#pragma once
#include "sets.h"

enum { TEXT_WAYS = 4 };

typedef struct {
    uint32_t length;
    /** The line that it was in last. */
    uint32_t seen;
    uint8_t bytes[LONGEST_TEXT];
} Text;

/** One more: a copy takes some bytes with it. */
static Text texts[TEXTS + 1];
static uint32_t forgottenTexts[TEXTS];
static Sets textSets = {.sets = FEWEST_SETS, .most = TEXTS / TEXT_WAYS, .ways = TEXT_WAYS, .forgotten = forgottenTexts};

static inline uint32_t age(uint32_t seen) {
    // Numbers of lines may have begun anew.
    return lines - seen;
}

/** `bytes` has at most 16 of them, the rest are zero. */
static inline uint32_t hashOf(v128_t bytes) {
    uint64_t low = (uint64_t)wasm_i64x2_extract_lane(bytes, 0);
    uint64_t high = (uint64_t)wasm_i64x2_extract_lane(bytes, 1);
    uint64_t hash = low * 0x9e3779b97f4a7c15u + high * 0xc2b2ae3d27d4eb4fu;
    return (uint32_t)((hash ^ (hash >> 29)) >> 32);
}

static inline uint32_t hashOfText(const uint8_t *at, uint32_t length, v128_t first) {
    if (length <= 16) return hashOf(masked(first, length));
    // The last 16 overlap those before.
    return hashOf(first) * 0x9e3779b1u ^ hashOf(bytesAt(at + length - 16)) ^ length;
}

static inline int isText(const Text *text, const uint8_t *at, uint32_t length) {
    return text->length == length && areSame(at, text->bytes, length);
}

/** The oldest of a set makes place, unless the line that it was in is not over. */
static int enterText(uint32_t first, const uint8_t *at, uint32_t length, uint32_t hash) {
    uint32_t oldest = first;
    for (uint32_t place = first + 1; place < first + TEXT_WAYS; place++)
        if (age(texts[place].seen) > age(texts[oldest].seen)) oldest = place;
    Text *text = &texts[oldest];
    if (text->length > 0 && text->seen == lines) {
        grow(&textSets);
        return -1;
    }
    enters(&textSets, hash, text->length > 0 ? hashOfText(text->bytes, text->length, bytesAt(text->bytes)) : 0);
    text->length = length;
    text->seen = lines;
    __builtin_memcpy(text->bytes, at, length);
    int32_t *record = (int32_t *)newRecord(12 + length);
    record[0] = TEXT_RECORD;
    record[1] = (int32_t)oldest;
    record[2] = (int32_t)length;
    __builtin_memcpy(record + 3, at, length);
    return (int)oldest;
}

/** Its place; -1: it is too long, or there is no room for all texts of this line. */
static inline int placeOf(const uint8_t *at, uint32_t length, uint32_t hash) {
    if (length > LONGEST_TEXT) return -1;
    uint32_t first = setOf(&textSets, hash) * TEXT_WAYS;
    for (uint32_t place = first; place < first + TEXT_WAYS; place++) {
        if (!isText(&texts[place], at, length)) continue;
        texts[place].seen = lines;
        return (int)place;
    }
    return enterText(first, at, length, hash);
}
