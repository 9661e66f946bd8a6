package sun.misc;

/** Signatures of JDK 8, to compile against. Not in the jar. */
public final class VM {
  private VM() {}

  public static native long maxDirectMemory();
}
