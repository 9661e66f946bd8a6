package io.allocmem;

import java.io.Closeable;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.URLClassLoader;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Session between {@link Agent} and the plans of one version of the agent. {@link Agent} loads this
 * class by the JDK's class loader of jars. The session loads all other classes by {@link
 * AgentLoader}, which costs the JVM less. {@link #apply} starts a plan and answers with one
 * sentence. {@link #getAsBoolean} returns true while this session accepts plans.
 */
public final class Session
    implements BiFunction<String, Instrumentation, String>, BooleanSupplier, Closeable {
  /** Plans of this session, a class of the other loader; null before the first plan. */
  private Object plans;

  /** Creates a session; {@link Agent} calls the constructor by reflection. */
  public Session() {}

  @Override
  @SuppressWarnings("unchecked") // Plans is the only class of this name in the other loader
  public String apply(String arguments, Instrumentation instrumentation) {
    try {
      return ((BiFunction<String, Instrumentation, String>) plans())
          .apply(arguments, instrumentation);
    } catch (IOException | ReflectiveOperationException unreadable) {
      return "refused: " + unreadable;
    }
  }

  @Override
  public synchronized boolean getAsBoolean() {
    return plans == null || ((BooleanSupplier) plans).getAsBoolean();
  }

  private synchronized Object plans() throws IOException, ReflectiveOperationException {
    if (plans == null) {
      AgentLoader loader = new AgentLoader(this);
      // a constructor with parameters would cost method handles for such a constructor
      plans = loader.loadClass("io.allocmem.Plans").getConstructor().newInstance();
    }
    return plans;
  }

  /** Closes the JDK's loader of this class, and with the loader its jar. */
  @Override
  public void close() throws IOException {
    ((URLClassLoader) Session.class.getClassLoader()).close();
  }
}
