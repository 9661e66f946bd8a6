package io.allocmem.plan;

import java.util.Locale;

/**
 * Amount of memory, exact to the byte; never negative. Written {@code 100} (MiB), {@code 64m},
 * {@code 1.5g} or {@code 512KiB}. A unit is a power of two in each spelling, as in {@code -Xmx}:
 * {@code 2g}, {@code 2G}, {@code 2GB}, {@code 2Gi} and {@code 2GiB} are the same size.
 */
public final class ByteSize {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;

  /** Maximum of a size in KiB. */
  private static final long MOST_KIB = Long.MAX_VALUE / KIB;

  /** Maximum number for people: four digits. */
  private static final long MOST = 9999;

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};

  /**
   * Maximum of a number without a unit: 128 TiB, the address space of a process on x86-64. A larger
   * number counts bytes, not MiB.
   */
  private static final long MOST_PLAIN_KIB = 128 * TIB / KIB;

  /** Maximum number of characters of a number; further digits are a typing error. */
  private static final int LONGEST = 28;

  /** Maximum number of digits behind the point. */
  private static final int PLACES = 9;

  /** Unit of a fraction: 10 to the power of {@link #PLACES}. */
  private static final long NANO = 1_000_000_000;

  private final long bytes;

  private ByteSize(long bytes) {
    this.bytes = bytes;
  }

  /**
   * Creates a size from a number of bytes.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public static ByteSize ofBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is not negative");
    }
    return new ByteSize(bytes);
  }

  /**
   * Reads {@code 100} (MiB), {@code 64m}, {@code 1.5g} or {@code 512KiB}. Rounds up to whole KiB,
   * the finest unit of options; a size above zero therefore never becomes zero.
   *
   * @throws IllegalArgumentException with the rule, if the text is no size or over 2^63 bytes
   */
  public static ByteSize parse(String text) {
    if (text.startsWith("-")) {
      throw new IllegalArgumentException("a size is not negative");
    }
    Scan scan = new Scan(text.toLowerCase(Locale.ROOT));
    boolean begins = scan.number(PLACES);
    String number = scan.from(0);
    scan.take(' ');
    String unit = unitIn(scan);
    if (!begins || !scan.isAtEnd()) {
      throw new IllegalArgumentException(
          "a size is a number with k, m, g or t, in powers of two as in -Xmx, or a whole number of"
              + " MiB: 512k, 64m, 1.5g, 2GiB, 100");
    }
    long kib = number.length() > LONGEST ? Long.MAX_VALUE : kib(number, unit(unit));
    if (kib > MOST_KIB) {
      throw new IllegalArgumentException("a size is at most 8 EiB");
    }
    if (unit == null) {
      requirePlain(number, kib);
    }
    return new ByteSize(kib * KIB);
  }

  /** Reads {@code b}, or {@code k}, {@code kb}, {@code ki} or {@code kib} and their like. */
  private static String unitIn(Scan scan) {
    String unit = scan.takeOne("b", "k", "m", "g", "t");
    if (unit != null && !unit.equals("b")) {
      scan.takeOne("b", "ib", "i");
    }
    return unit;
  }

  /** Rejects numbers that people do not mean as MiB: {@code 1.5}, or as many as bytes. */
  private static void requirePlain(String number, long kib) {
    if (number.contains(".")) {
      throw new IllegalArgumentException(number + " what? " + number + "g or " + number + "m");
    }
    if (kib > MOST_PLAIN_KIB) {
      throw new IllegalArgumentException(
          number + " what? a number without a unit is MiB; in bytes: " + number + "b");
    }
  }

  /** Returns the size in KiB, rounded up; {@link Long#MAX_VALUE} for more. */
  private static long kib(String number, long unit) {
    long whole = Decimal.whole(number);
    long fraction = Decimal.fraction(number, PLACES);
    if (unit < KIB) {
      return whole / KIB + (whole % KIB > 0 || fraction > 0 ? 1 : 0);
    }
    long kib = unit / KIB;
    return whole > MOST_KIB / kib
        ? Long.MAX_VALUE
        : whole * kib + (fraction * kib + NANO - 1) / NANO;
  }

  private static long unit(String suffix) {
    switch (suffix == null ? 'm' : suffix.charAt(0)) {
      case 'b':
        return 1;
      case 'k':
        return KIB;
      case 'g':
        return GIB;
      case 't':
        return TIB;
      default:
        return MIB;
    }
  }

  /** Returns the size in bytes. */
  public long bytes() {
    return bytes;
  }

  /** Returns text for people, as {@link #tenthsOf} and {@link #unitOf} give. */
  public String toHuman() {
    long tenths = tenthsOf(bytes);
    String fraction = tenths % 10 == 0 ? "" : "." + tenths % 10;
    return tenths / 10 + fraction + " " + unitOf(bytes);
  }

  /**
   * Returns the number for people, in tenths of {@link #unitOf}: one decimal below 1000, none from
   * 1000 on, so at most four digits. Allocates nothing.
   *
   * @param bytes not negative
   */
  public static long tenthsOf(long bytes) {
    int unit = indexOf(bytes);
    long tenths = Math.round(10 * in(unit, bytes));
    return tenths < 10_000 ? tenths : 10 * Math.round(in(unit, bytes));
  }

  /**
   * Returns the unit for people: KiB below 1 MiB, MiB up to 9999 MiB, then the first unit with at
   * most four digits. A plan that grows to 2100 MiB thus keeps its unit. Allocates nothing.
   *
   * @param bytes not negative
   */
  public static String unitOf(long bytes) {
    return UNITS[indexOf(bytes)];
  }

  private static int indexOf(long bytes) {
    int unit = bytes > 0 && bytes < MIB ? 0 : 1;
    while (Math.round(in(unit, bytes)) > MOST) {
      unit++;
    }
    return unit;
  }

  private static double in(int unit, long bytes) {
    return bytes / (double) (KIB << 10 * unit);
  }

  /** Returns the option text. {@link #parse} reads whole KiB back; options have no finer size. */
  @Override
  public String toString() {
    if (bytes % GIB == 0 && bytes > 0) {
      return bytes / GIB + "g";
    }
    return bytes % MIB == 0 ? bytes / MIB + "m" : bytes / KIB + "k";
  }
}
