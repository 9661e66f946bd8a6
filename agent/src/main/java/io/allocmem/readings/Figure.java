package io.allocmem.readings;

/** A number that can be measured again and again. Allocates nothing. */
abstract class Figure {
  /** The number now; {@link Long#MAX_VALUE} for no limit, unknown when it cannot be read. */
  abstract long read();

  /** One that does not change while a plan runs. */
  static Figure of(final long number) {
    return new Figure() {
      @Override
      long read() {
        return number;
      }
    };
  }

  /**
   * The number after a name at the beginning of a line.
   *
   * @param unit what the file counts in
   */
  static Figure ofField(final KernelFile file, String name, final long unit) {
    final byte[] field = KernelFile.name(name);
    return new Figure() {
      @Override
      long read() {
        return times(file.field(field), unit);
      }
    };
  }

  /** The so-manyth word of a file, from 0. */
  static Figure ofWord(final KernelFile file, final int index, final long unit) {
    return new Figure() {
      @Override
      long read() {
        return times(file.word(index), unit);
      }
    };
  }

  /** The largest number where the product is larger; what is unknown stays so. */
  static long times(long number, long unit) {
    return number < 0 ? number : number > Long.MAX_VALUE / unit ? Long.MAX_VALUE : number * unit;
  }
}
