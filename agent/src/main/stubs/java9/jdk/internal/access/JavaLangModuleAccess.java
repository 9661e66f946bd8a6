package jdk.internal.access;

import java.lang.module.ModuleDescriptor;
import java.util.Set;

/** Signatures of JDK 12 and newer, to compile against. Not in the jar. */
public interface JavaLangModuleAccess {
  ModuleDescriptor.Builder newModuleBuilder(
      String name, boolean strict, Set<ModuleDescriptor.Modifier> modifiers);
}
