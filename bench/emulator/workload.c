/*
 * What a filter driver does all day, without the system around it: reads headers, sums checksums, walks lists through
 * pointers to functions, mixes 64-bit numbers, copies structures, counts with interlocked operations, divides, switches.
 * It needs nothing but its own image, so that the same bytes run on every engine and on the processor itself.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define FRAME 1500
#define NODES 200

struct Context {
  u64 words[6];
  u32 length;
  u32 flags;
};

struct Node {
  struct Node *next;
  u64 (*visit)(struct Node *, u64);
  u64 value;
  struct Context context;
};

static u8 frame[FRAME + 4];
static struct Node nodes[NODES];
static struct Context copies[8];
static volatile long counters[4];

static u32 swap32(u32 v) { return __builtin_bswap32(v); }

static u64 header(const u8 *bytes) {
  u16 kind = (u16)(bytes[12] << 8 | bytes[13]);
  u32 source = swap32(*(const u32 *)(bytes + 26));
  u32 target = swap32(*(const u32 *)(bytes + 30));
  u32 smaller = source < target ? source : target;
  u64 sum = (u64)kind << 32 | smaller;
  if (kind == 0x0800) sum += bytes[23];
  else if (kind == 0x86dd) sum ^= bytes[20];
  return sum;
}

static u32 checksum(const u8 *bytes, u32 length) {
  u64 sum = 0;
  for (; length >= 4; length -= 4, bytes += 4) sum += *(const u32 *)bytes;
  if (length & 2) sum += *(const u16 *)bytes, bytes += 2;
  if (length & 1) sum += *bytes;
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return (u16)~sum;
}

static u64 add(struct Node *node, u64 sum) { return sum + node->value; }
static u64 turn(struct Node *node, u64 sum) { return (sum << 7 | sum >> 57) ^ node->value; }
static u64 measure(struct Node *node, u64 sum) {
  node->context.length += (u32)sum & 3;
  return sum + node->context.length;
}

static u64 mix(u64 x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdull;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ull;
  return x ^ x >> 33;
}

static u64 handle(u32 request, u64 value) {
  switch (request) {
    case 0: return value + 3;
    case 1: return value ^ 0x5555;
    case 2: return value >> 1;
    case 3: return value * 5;
    case 4: return value - 0x1234;
    case 5: return ~value;
    case 6: return value << 2 | 1;
    default: return value / 7;
  }
}

static void prepare(void) {
  static u64 (*const visits[])(struct Node *, u64) = {add, turn, measure};
  for (u32 i = 0; i < FRAME; i++) frame[i] = (u8)(i * 7 + (i >> 3));
  frame[12] = 8;
  frame[13] = 0;
  for (u32 i = 0; i < NODES; i++) {
    nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
    nodes[i].visit = visits[i % 3];
    nodes[i].value = mix(i + 1);
    nodes[i].context.length = i;
  }
}

/** The entry. The same number of times gives the same result, whoever runs it, as long as the image is fresh. */
u64 work(u64 times) {
  u64 result = 0;
  prepare();
  for (u64 round = 0; round < times; round++) {
    frame[round % FRAME] ^= (u8)result;
    result ^= header(frame) + checksum(frame, FRAME - (u32)(round & 7));
    for (struct Node *node = nodes; node; node = node->next) result = node->visit(node, result);
    for (u32 i = 0; i < 8; i++) {
      copies[i] = nodes[(round + i) % NODES].context;
      copies[i].words[i % 6] = mix(result + i);
      result += copies[i].words[i % 6] ^ copies[(i + 3) & 7].length;
    }
    for (u32 i = 0; i < 4; i++) __sync_fetch_and_add(&counters[i], (long)(result >> (8 * i)) & 0xff);
    for (u32 i = 0; i < 16; i++) result = handle((u32)(result + i) & 7, result);
    result = result % 1000003 + (result << 20) + (u64)counters[round & 3];
  }
  return result;
}
