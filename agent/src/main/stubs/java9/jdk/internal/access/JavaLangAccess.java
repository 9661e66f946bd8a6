package jdk.internal.access;

import java.lang.module.ModuleDescriptor;
import java.net.URI;

/** Signatures of JDK 12 and newer, to compile against. Not in the jar. */
public interface JavaLangAccess {
  Module defineModule(ClassLoader loader, ModuleDescriptor descriptor, URI location);

  void addReads(Module module, Module other);

  void addReadsAllUnnamed(Module module);

  void addExports(Module module, String name);

  /** Of JDK 17 to 25. In JDK 26, the method has no result. */
  Module addEnableNativeAccess(Module module);
}
