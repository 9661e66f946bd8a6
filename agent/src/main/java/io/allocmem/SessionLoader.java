package io.allocmem;

import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.security.PermissionCollection;
import java.security.Permissions;

/**
 * Class loader of the session, with the boot loader as parent. The JDK's loader grants each class
 * the permission to read its jar, and therefore loads the JVM's security properties: 20 classes on
 * JDK 11 to 21. Only a security manager asks for permissions. Frozen, as the entry point is.
 */
final class SessionLoader extends URLClassLoader {
  SessionLoader(URL jar) {
    super(new URL[] {jar}, null);
  }

  @Override
  protected PermissionCollection getPermissions(CodeSource source) {
    return System.getSecurityManager() == null ? new Permissions() : super.getPermissions(source);
  }
}
