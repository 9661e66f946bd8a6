package jdk.internal.access;

/** Signature of JDK 26 and newer, to compile against. Not in the jar. */
public interface JavaLangAccess {
  void addEnableNativeAccess(Module module);
}
