package jdk.internal.access;

/** Signatures of JDK 12 and newer, to compile against. Not in the jar. */
public final class SharedSecrets {
  private SharedSecrets() {}

  public static native JavaLangAccess getJavaLangAccess();

  public static native JavaLangModuleAccess getJavaLangModuleAccess();
}
