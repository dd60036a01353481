/**
 * The byte kernel's memory: one list of addresses, compiled into the kernel and used by its host.
 * Units: bytes. Plain numbers only, so that both compilers read this file.
 */

/** What the host tells, one 32-bit word each. */
export const INPUT = 64;
export const THRESHOLD = 68;
export const ASKS = 72;
export const ASKS_END = 76;
export const EVENTS = 80;
export const NEWLINES = 84;
export const FIRST_TEST = 88;
export const SLOT_COUNT = 92;
export const ALWAYS = 96;
export const KEYS = 100;
export const KEY_MASK = 104;
/** Of IPv4 intervals. */
export const STARTS = 108;
export const CLASSES = 112;
export const SEPARATOR = 116;
export const COLUMNS = 120;
export const SCANNED_COLUMNS = 124;
/** No byte: -1. */
export const DIRECTIVE = 128;
export const QUOTE = 132;
export const UNSET = 136;
export const UNSET_LENGTH = 140;
export const FRAMING = 144;
/** A bit for every required slot. */
export const REQUIRED = 148;
/** Of IPv6 intervals: two 64-bit halves a start, the higher first. */
export const STARTS_6 = 152;
export const CLASSES_6 = 156;
export const COUNT_6 = 160;
/** What stands between a key and its value; the separator again where there are no keys. */
export const ASSIGNMENT = 164;
/** What escapes a quote. No byte: -1. */
export const ESCAPE = 168;
/** Where in the input the sample gets sparser, and its threshold from there on. */
export const SPARSE_FROM = 172;
export const SPARSE_THRESHOLD = 176;

/** What the kernel tells. */
export const CONSUMED = 192;
export const RULED_OUT = 196;
export const ASKED_END = 200;
export const CANDIDATES = 204;

/** Slots: at most as many as a word has bits; one entry each in tables of bytes or words. */
export const MAX_SLOTS = 32;
export const SLOT_TYPE = 256;
export const SLOT_COLUMN = 384;
export const SLOT_FROM = 512;
export const SLOT_TO = 640;
export const SLOT_VALUE = 768;

/** Six tables of 16 bytes: low and high nibble of the first three bytes of a literal, one bit a bucket. */
export const TEDDY_TABLES = 1024;
/** Eight words: the first literal of each bucket. */
export const TEDDY_BUCKETS = 1152;

/** A byte for every hash of a key's end: one more than its first entry under KEYS. */
export const KEY_INDEX = 2048;
export const KEY_HASH_BITS = 10;
/** For every level of a JSON line the object around it. */
export const LEVELS = 1216;
/** JSON objects and lists inside one another: a deeper line is asked unread. A power of two. */
export const MOST_LEVELS = 64;
/** 257 words: the first interval that reaches into each /8. */
export const FIRST_OF_SLASH_8 = 4096;
/** What is as long as the plan makes it begins here. */
export const HEAP = 8192;

/** Framings. */
export const JSON_LINES = 0;
export const DELIMITED = 1;
export const CSV = 2;
export const KEY_VALUE = 3;

/** Slot types. */
export const PORT = 0;
export const ADDRESS = 1;
export const TEXT = 2;

/** Tests: 32 bytes each, the alternatives one after the other, each closed by HOLDS. */
export const TEST_SIZE = 32;
export const TEST_KIND = 0;
export const TEST_SLOT = 4;
export const TEST_OR_ABSENT = 8;
/** The first test of the next alternative; 0 when there is none. */
export const TEST_NEXT = 12;
export const TEST_DATA = 16;
export const TEST_COUNT = 20;
export const TEST_VALUE = 24;

export const HOLDS = 0;
export const PORT_IN = 1;
export const PORT_ABOVE = 2;
export const CLASS_IN = 3;
export const TEXT_HAS = 4;
export const TEXT_LACKS = 5;

/** Keys: 64 bytes each. The tail is the last 16 bytes of the quote and the key, right-aligned, with its mask. */
export const KEY_SIZE = 64;
export const KEY_LENGTH = 0;
export const KEY_SLOT = 4;
/** One more than the next entry with the same hash; 0: none. */
export const KEY_NEXT = 8;
export const KEY_TEXT = 12;
export const KEY_TAIL = 16;
export const KEY_TAIL_MASK = 32;
/** The object that the key stands in, and the one that it leads to; the line's own is ROOT. */
export const KEY_NODE = 48;
export const KEY_CHILD = 52;
export const ROOT = 1;
/** Objects that lead to wanted keys, numbered from ROOT on: as many as a 64-bit word has bits behind the first. */
export const LAST_NODE = 63;
/** In place of a slot: the key leads to an object. */
export const NO_SLOT = 0xff;

/** Needles and literals: 32 bytes each, the text in lower case elsewhere. */
export const NEEDLE_SIZE = 32;
export const NEEDLE_TEXT = 0;
export const NEEDLE_LENGTH = 4;
/** Literals: whether it is digits only. */
export const NEEDLE_DIGITS = 8;
/** Literals: the next one of the same bucket; 0: none. */
export const NEEDLE_NEXT = 12;
/** Literals: up to four bytes, those that count among four, and the bits that make their letters lower case. */
export const NEEDLE_BEGINNING = 16;
export const NEEDLE_MASK = 20;
export const NEEDLE_FOLD = 24;

/** Before a test's needles: low and high nibble of their first two bytes, one bit a needle (modulo 8). */
export const PAIR_TABLES = 64;

/** Free bytes before and after whatever is read 16 or 64 bytes at a time. */
export const PADDING = 64;
/** So many bytes are indexed, then walked, while they are in the first cache. */
export const WINDOW = 32768;
/** A longer line is asked unread. */
export const LONGEST_WALKED = 65536;

/** Spreads the ends of keys over KEY_INDEX. Source: 2^32 divided by the golden ratio, odd. */
export const KEY_MULTIPLIER = 0x9e3779b1;
