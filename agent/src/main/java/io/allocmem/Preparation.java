package io.allocmem;

import io.allocmem.control.ByteLock;
import io.allocmem.pages.AppendedJars;
import io.allocmem.pages.ArrayHeader;
import io.allocmem.pages.Pages;
import java.lang.instrument.Instrumentation;

/**
 * What the first plan of a session needs of the JVM: the page library, and internals of the JDK. An
 * armed agent needs the library alone. Any thread.
 */
final class Preparation {
  /** Name of the thread that starts agents in a running JVM (HotSpot, attachListener.cpp). */
  private static final String ATTACH_THREAD = "Attach Listener";

  private Pages pages;
  private boolean opensFast;
  private boolean open;

  /** Returns the page library, loaded at the first call. */
  synchronized Pages library(Instrumentation instrumentation) throws ReflectiveOperationException {
    if (pages == null) {
      opensFast = JdkInternals.permitNativeAccess(instrumentation);
      pages = AgentPages.find(); // now: the jar may be gone later
    }
    return pages;
  }

  /** Opens internals of the JDK for plans; does nothing the second time. */
  synchronized void open(Instrumentation instrumentation) throws ReflectiveOperationException {
    library(instrumentation);
    if (!open) {
      JdkInternals.open(instrumentation);
      ManagementInternals.open(instrumentation);
      pages.unavailableOffHeap(); // tries memory outside the heap
      ArrayHeader.warmUp(); // a class that fails in its initialization is lost
      open = true;
    }
  }

  /** Opens internals of the JDK before the first request, where this takes 5 to 15 ms. */
  synchronized void openEarly(Instrumentation instrumentation) {
    try {
      if (!opensFast) {
        open(instrumentation);
      }
    } catch (ReflectiveOperationException | RuntimeException | LinkageError refused) {
      return; // plans are refused for the same reason
    } catch (OutOfMemoryError full) {
      return; // the first request tries again
    }
  }

  /** Returns the way to lock a file. */
  synchronized ByteLock lock() {
    return AgentPages.lockBy(pages);
  }

  /**
   * Removes what an attach has left in the application's class path. The jar of {@code -javaagent}
   * stays.
   */
  void leaveClassPath(Instrumentation instrumentation) throws ReflectiveOperationException {
    if (Thread.currentThread().getName().equals(ATTACH_THREAD)) {
      open(instrumentation);
      AppendedJars.forget();
    }
  }
}
