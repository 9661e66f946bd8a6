package io.allocmem;

import io.allocmem.control.ByteLock;
import io.allocmem.control.ChannelLock;
import io.allocmem.control.ControlDirectory;
import io.allocmem.pages.OffHeap;
import io.allocmem.pages.PageLibrary;
import io.allocmem.pages.Pages;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.HugePages;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Page library of the agent, and sizes of the pages of a plan. Called by the attach thread. */
final class AgentPages {
  private AgentPages() {}

  /**
   * Returns the pages from the first directory where a library can be unpacked and loaded: some
   * directories forbid loading.
   */
  static Pages find() {
    final Pages[] first = new Pages[1];
    try {
      return ControlDirectory.use(
          new ControlDirectory.Use<Pages>() {
            @Override
            public Pages in(Path directory) throws IOException {
              Pages found = PageLibrary.find(AgentClasses.jar().toPath(), directory);
              first[0] = first[0] == null ? found : first[0];
              if (found.unavailable() != null) {
                throw new FileSystemException(directory.toString());
              }
              return found;
            }
          });
    } catch (IOException nowhere) {
      return first[0] == null ? PageLibrary.none(nowhere.getMessage()) : first[0];
    }
  }

  /** Returns the way to lock a file. */
  static ByteLock lockBy(Pages pages) {
    return pages.unavailable() == null ? new LibraryLock() : new ChannelLock();
  }

  /** Returns the plan with the size of its pages: touched bytes are whole pages then. */
  static HoldPlan sized(HoldPlan asked) {
    switch (asked.pages()) {
      case HUGE:
        long huge = HugePages.ofThisProcess().size();
        return huge > 0 ? asked.on(huge) : asked; // refused later
      case LOCKED:
        return asked.on(OffHeap.PAGE_SIZE);
      default:
        return asked;
    }
  }
}
