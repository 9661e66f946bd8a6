package sun.misc;

/** Signatures of JDK 8, to compile against. Not in the jar. */
public final class Cleaner {
  private Cleaner() {}

  public native void clean();
}
