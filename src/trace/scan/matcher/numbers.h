/** Numbers as nearly everybody writes them: at most 15 digits, which a double holds exactly. */
#pragma once
#include "memory.h"

enum { MOST_DIGITS = 15 };

typedef struct {
    /** The digits, without the point. */
    uint64_t digits;
    /** So many of them are behind the point. */
    uint32_t places;
    /** What comes next; NULL: it is no such number. */
    const uint8_t *end;
} Number;

/** How many digits these eight characters begin with, the first in the lowest byte. */
static inline uint32_t digitsIn(uint64_t eight) {
    uint64_t values = eight ^ 0x3030303030303030u;
    // Above the first that is no digit a carry may be wrong, which is not looked at.
    uint64_t others = ((values + 0x7676767676767676u) | values) & 0x8080808080808080u;
    return others ? (uint32_t)__builtin_ctzll(others) >> 3 : 8;
}

/** The value of the first `count` characters, 1 to 8 digits. */
static inline uint64_t valueOf(uint64_t eight, uint32_t count) {
    uint64_t values = (eight & 0x0f0f0f0f0f0f0f0fu) << (64 - 8 * count);
    values = values * 10 + (values >> 8);
    return ((values & 0x000000ff000000ffu) * 0x000f424000000064u + ((values >> 16) & 0x000000ff000000ffu) * 0x0000271000000001u) >> 32;
}

static const uint64_t POWERS[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

/** Reads digits behind those that are there; their number. */
static inline uint32_t readDigits(const uint8_t *at, uint64_t *digits) {
    uint64_t eight = eightAt(at);
    uint32_t count = digitsIn(eight);
    if (count == 0) return 0;
    *digits = *digits * POWERS[count] + valueOf(eight, count);
    if (count < 8) return count;
    eight = eightAt(at + 8);
    count = digitsIn(eight);
    if (count == 0) return 8;
    *digits = *digits * POWERS[count] + valueOf(eight, count);
    // 16 digits or more are too many.
    return 8 + count;
}

static inline Number readNumber(const uint8_t *at, uint32_t hole) {
    Number number = {0, 0, NULL};
    uint32_t first = (uint32_t)at[0] - '0';
    uint32_t second = (uint32_t)at[1] - '0';
    if (first <= 9 && second > 9 && at[1] != '.') {
        number.digits = first;
        number.end = at + 1;
        return number;
    }
    uint32_t count = readDigits(at, &number.digits);
    if (count == 0 || count > MOST_DIGITS || (first == 0 && count > 1)) return number;
    at += count;
    if (hole == DECIMAL && *at == '.') {
        number.places = readDigits(at + 1, &number.digits);
        if (number.places == 0 || count + number.places > MOST_DIGITS) return number;
        at += 1 + number.places;
    }
    number.end = at;
    return number;
}

static inline double toDouble(Number number) {
    static const double POWERS_OF_TEN[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    double digits = (double)(int64_t)number.digits;
    return number.places == 0 ? digits : digits / POWERS_OF_TEN[number.places];
}
