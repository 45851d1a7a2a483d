package dev.usher.policy;

/** Sets of rule numbers as words of 64 bits. */
final class Bits {
  private Bits() {}

  static long[] of(int size) {
    return new long[(size + 63) >>> 6];
  }

  static void set(long[] bits, int index) {
    bits[index >>> 6] |= 1L << index;
  }

  static boolean get(long[] bits, int index) {
    return (bits[index >>> 6] & (1L << index)) != 0;
  }

  static void or(long[] into, long[] more) {
    for (int i = 0; i < into.length; i++) {
      into[i] |= more[i];
    }
  }

  static void andNot(long[] into, long[] less) {
    for (int i = 0; i < into.length; i++) {
      into[i] &= ~less[i];
    }
  }
}
