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
 * A plan's bean in the platform's MBean server. Made by the thread that brought the agent; closed
 * by the plan's thread, after everything is given back: that allocates, and locks in the server.
 * Cannot be loaded in a runtime without java.management.
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
   * @return null where the plan is not to be shown: there is no platform MBean server, say
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

  /** Found, never made: that would cost some MB, which auto does not. */
  private static MBeanServer platformServer() throws JMException {
    ObjectName runtime = new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME);
    for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
      if (server.isRegistered(runtime)) {
        return server;
      }
    }
    return null;
  }

  /** An OutOfMemoryError is for the caller, who tries again. */
  @Override
  public void close() {
    try {
      server.unregisterMBean(name);
    } catch (JMException | RuntimeException gone) {
      return; // somebody else did it, or an earlier attempt
    }
  }
}
