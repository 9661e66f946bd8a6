package io.allocmem.plan;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * New threads of the agent: daemons, without a class loader of the application.
 *
 * <p>A thread keeps the permissions of all code below its creation. An application may set a
 * security manager later (JDK 8 to 23), and the calls of an agent at start-up come from code
 * without permissions. A thread of the agent therefore keeps the permissions of the agent alone.
 */
public final class AgentThread implements PrivilegedAction<Thread> {
  /** False from JDK 24 on: no security manager, and no class for its sake. */
  private static final boolean MANAGED = isManaged();

  private final Runnable work;
  private final String name;
  private final long stackSize;

  private AgentThread(Runnable work, String name, long stackSize) {
    this.work = work;
    this.name = name;
    this.stackSize = stackSize;
  }

  /** Returns a new thread, which is not started. */
  public static Thread of(Runnable work, String name) {
    return of(work, name, 0);
  }

  /**
   * Returns a new thread, which is not started.
   *
   * @param stackSize size of the stack in bytes; 0 for the default of the JVM
   */
  public static Thread of(Runnable work, String name, long stackSize) {
    AgentThread creation = new AgentThread(work, name, stackSize);
    return MANAGED ? AccessController.doPrivileged(creation) : creation.run();
  }

  private static boolean isManaged() {
    String release = System.getProperty("java.specification.version");
    return release.startsWith("1.") || Integer.parseInt(release) < 24;
  }

  @Override
  public Thread run() {
    Thread thread = new Thread(null, work, name, stackSize);
    thread.setDaemon(true);
    thread.setContextClassLoader(AgentThread.class.getClassLoader());
    return thread;
  }
}
