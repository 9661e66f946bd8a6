package io.allocmem.export;

import io.allocmem.plan.Jmx;
import javax.management.MBeanServerFactory;

/**
 * Tells whether JMX may show a plan, before a class of the plan's bean is loaded. This class fails
 * with a NoClassDefFoundError in a runtime without java.management.
 */
public final class MBeanServers {
  private MBeanServers() {}

  /**
   * Returns true if the bean is to be registered as requested, or if this JVM has an MBean server.
   */
  public static boolean mayShow(Jmx jmx) {
    return jmx == Jmx.ON || jmx == Jmx.AUTO && !MBeanServerFactory.findMBeanServer(null).isEmpty();
  }
}
