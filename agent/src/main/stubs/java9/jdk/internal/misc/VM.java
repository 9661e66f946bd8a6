package jdk.internal.misc;

/** Signatures of JDK 9 and newer, to compile against. Not in the jar. */
public final class VM {
  private VM() {}

  public static native long maxDirectMemory();
}
