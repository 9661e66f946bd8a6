package io.allocmem.export;

import io.allocmem.plan.Jmx;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/**
 * Registration of a plan's bean in the platform's MBean server. Created by the attach thread.
 * Closed by the plan's thread, after the release of everything: closing allocates, and locks in the
 * server. This class cannot be loaded in a runtime without java.management.
 */
public final class Registration implements Closeable {
  private final MBeanServer server;
  private final ObjectName name;

  private Registration(MBeanServer server, ObjectName name) {
    this.server = server;
    this.name = name;
  }

  /**
   * Registers the bean.
   *
   * @return null if the plan is not shown, for example without a platform MBean server
   * @throws IOException with a sentence
   */
  public static Registration of(PlanBean bean, Jmx jmx) throws IOException {
    try {
      MBeanServer server = jmx == Jmx.OFF ? null : platformServer();
      if (server == null && jmx == Jmx.ON) {
        server = ManagementFactory.getPlatformMBeanServer();
      }
      if (server == null) {
        return null;
      }
      ObjectName name = new ObjectName("io.allocmem:type=Plan,name=" + bean.name());
      server.registerMBean(bean, name);
      return new Registration(server, name);
    } catch (JMException | RuntimeException e) {
      throw new IOException("not shown by JMX: " + e, e);
    }
  }

  /**
   * Finds the platform MBean server, and never creates the server: {@code auto} avoids the cost of
   * some MB.
   */
  private static MBeanServer platformServer() throws JMException {
    ObjectName runtime = new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME);
    for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
      if (server.isRegistered(runtime)) {
        return server;
      }
    }
    return null;
  }

  /** Removes the bean. The caller handles an OutOfMemoryError, and tries again. */
  @Override
  public void close() {
    try {
      server.unregisterMBean(name);
    } catch (JMException | RuntimeException gone) {
      return; // removed already, by other code or by an earlier attempt
    }
  }
}
