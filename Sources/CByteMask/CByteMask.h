#ifndef CBYTEMASK_H
#define CBYTEMASK_H

#include <stdint.h>
#include <string.h>

// Which of 16 or 64 bytes in a row are what: one bit for each, the lowest for the first.
//
// A mask of Swift's SIMD types has a byte for each lane, and no way to the one instruction that makes bits of them. The
// vectors of clang have it; this header is all that is C about it. Nothing needs to be aligned, all bytes of the block must
// be readable.

typedef uint8_t byte_mask_block_16 __attribute__((vector_size(16)));
typedef uint8_t byte_mask_block_64 __attribute__((vector_size(64)));
typedef _Bool byte_mask_lanes_16 __attribute__((ext_vector_type(16)));
typedef _Bool byte_mask_lanes_64 __attribute__((ext_vector_type(64)));

#define BYTE_MASK(width, bits, name, expression)                                                                       \
    static inline __attribute__((always_inline)) bits byte_mask_##name##_##width(const uint8_t *at, uint8_t byte) {    \
        byte_mask_block_##width block;                                                                                 \
        memcpy(&block, at, sizeof block);                                                                              \
        byte_mask_lanes_##width lanes = __builtin_convertvector(expression, byte_mask_lanes_##width);                  \
        bits result;                                                                                                   \
        memcpy(&result, &lanes, sizeof result);                                                                        \
        return result;                                                                                                 \
    }

// The bytes that are `byte`.
BYTE_MASK(16, uint16_t, equal, block == byte)
BYTE_MASK(64, uint64_t, equal, block == byte)
// The bytes that are `byte` when bit 5 is set in them: letters of either case, brackets of two kinds.
BYTE_MASK(16, uint16_t, folded, (block | 0x20) == byte)
// The bytes that are less than `byte`.
BYTE_MASK(16, uint16_t, below, block < byte)
BYTE_MASK(64, uint64_t, below, block < byte)
// The bytes that have a bit of `byte`.
BYTE_MASK(16, uint16_t, having, (block & byte) != 0)
BYTE_MASK(64, uint64_t, having, (block & byte) != 0)
// b, f, n, r, t and u, the letters of JSON's escapes, and `byte`.
BYTE_MASK(64, uint64_t, escape, ((block & 0xFB) == 0x62) | (block == 0x6E) | (block == 0x72) | ((block & 0xFE) == 0x74) | (block == byte))
// The first bytes of UTF-8 sequences (RFC 3629) that some continuation bytes may not follow, and those that begin none;
// all that are at least `byte` besides.
BYTE_MASK(64, uint64_t, narrow, ((block & 0xFE) == 0xC0) | (block == 0xE0) | (block == 0xED) | (block >= byte))

#undef BYTE_MASK

#endif
