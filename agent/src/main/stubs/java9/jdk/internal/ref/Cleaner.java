package jdk.internal.ref;

/** Signatures of JDK 9 to 25, to compile against. Not in the jar. */
public final class Cleaner {
  private Cleaner() {}

  public native void clean();
}
