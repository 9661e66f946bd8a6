package io.allocmem;

import java.security.CodeSource;
import java.security.Permission;
import java.security.ProtectionDomain;

/**
 * Domain of the agent's classes under a security manager (JDK 8 to 23): has all permissions. Code
 * that may create a class loader could take all permissions anyway. A policy that the application
 * sets later knows no agent. An object of the JDK with all permissions would load five classes.
 */
final class AgentDomain extends ProtectionDomain {
  private AgentDomain(CodeSource code) {
    super(code, null);
  }

  /** Returns a domain with the code source of another domain. */
  static ProtectionDomain like(ProtectionDomain other) {
    return new AgentDomain(other.getCodeSource());
  }

  @Override
  public boolean implies(Permission any) {
    return true;
  }
}
