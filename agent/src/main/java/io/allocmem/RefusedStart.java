package io.allocmem;

/** End of a JVM whose plan is refused at start-up. */
final class RefusedStart implements Runnable {
  private static final int STATUS = 2;

  private static volatile boolean begun;

  private RefusedStart() {}

  /**
   * Ends the JVM with status 2. From JDK 26 on, an exit within premain waits for ever, for the end
   * of premain (JvmtiEventController::vm_death). Another thread then ends the JVM, in the first
   * milliseconds of the application.
   *
   * @param version value of {@code java.specification.version}
   */
  static void endJvm(String version) {
    begun = true;
    if (version.length() != 2 || version.compareTo("26") < 0) { // 1.8, 9, 11 to 25
      System.exit(STATUS);
    }
    Thread end = new Thread(new RefusedStart(), "allocmem-exit");
    end.setDaemon(true);
    end.start();
  }

  /** Returns true if the JVM is about to end. */
  static boolean hasBegun() {
    return begun;
  }

  @Override
  public void run() {
    Runtime.getRuntime().halt(STATUS);
  }
}
