package io.allocmem.pages;

/** Pages without access to the kernel: counts nothing, releases nothing, and reports the reason. */
final class NoPages implements Pages {
  private final String why;

  NoPages(String why) {
    this.why = why;
  }

  @Override
  public String unavailable() {
    return why;
  }

  @Override
  public String unavailableOnHeap() {
    return why;
  }

  @Override
  public String unavailableOffHeap() {
    return why;
  }

  @Override
  public boolean isLocked() {
    return false;
  }

  @Override
  public long resident(int[] array, long from, long to) {
    return UNKNOWN;
  }

  @Override
  public long resident(long address, long from, long to) {
    return UNKNOWN;
  }

  @Override
  public long drop(int[] array, long from, long to) {
    return 0;
  }

  @Override
  public long trim(int[][] arrays, int count, long committed, long kept, long[] result) {
    return UNKNOWN;
  }

  @Override
  public long drop(long address, long length, long from, long to) {
    return 0;
  }

  @Override
  public long punch(long address, long length, long from, long to) {
    return 0;
  }

  @Override
  public boolean touch(long address, long from, long to, int pageSize) {
    return false;
  }

  @Override
  public long huge(long from, long to, int pageSize) {
    return UNKNOWN;
  }

  @Override
  public long lock(long from, long to) {
    return UNKNOWN;
  }

  @Override
  public long unlock(long from, long to) {
    return UNKNOWN;
  }

  @Override
  public long stackAddress() {
    return UNKNOWN;
  }
}
