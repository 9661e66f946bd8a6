package io.allocmem.readings;

import io.allocmem.control.Reading;
import io.allocmem.plan.Charsets;
import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;

/**
 * CPU time of the collector's threads, by the kernel's count: the first figure of {@code
 * /proc/self/task/TID/schedstat}, nanoseconds on a CPU (sched-stats.rst of the kernel). The JVM
 * names its threads in {@code comm}. The VM thread counts as a collector's thread, since the thread
 * runs the collections of Serial and parts of all pauses; so other safepoints count too. One
 * thread.
 *
 * <p>A collector starts further workers while the JVM runs. A search for new workers allocates, and
 * so happens once a second at most, after a collection, and only while the heap has room. If a
 * thread cannot be read, as without a free descriptor, all files are closed, and the time is
 * unknown until a later search finds all threads.
 */
final class CollectorThreads implements Closeable {
  /**
   * Names from JDK 8 to 27. The kernel cuts a name to 15 bytes; JDK 26 leaves out the middle of a
   * longer name: {@code Shenand..eads#0}.
   */
  private static final String[] NAMES = {
    "VM Thread",
    "GC Thread#", // Parallel and G1
    "ParGC Thread#", // Parallel, JDK 11
    "GC task thread#", // Parallel, JDK 8
    "Gang worker#", // G1 and CMS, JDK 8
    "G1 ",
    "CMS ",
    "Concurrent Mark", // CMS, JDK 8
    "ZWorker",
    "ZDriver",
    "ZDirector",
    "ZUnmapper",
    "ZUncommitter",
    "XWorker#", // JDK 21, ZGC without generations
    "XDriver",
    "XDirector",
    "XUnmapper",
    "XUncommitter",
    "Shenand",
    "ShenWorker", // JDK 27
    "ShenControl",
    "ShenRegulator",
    "ShenUncommit"
  };

  private static final long SEARCH_NANOS = 1_000_000_000;

  /** Time after a search that failed; with very many threads, each search takes long. */
  private static final long RETRY_NANOS = 30 * SEARCH_NANOS;

  /**
   * Most threads of a process whose collectors are counted: with more, a search would take too much
   * time and heap from the application.
   */
  private static final int MOST_THREADS = 2000;

  /** Empty arrays, made while the heap has room. */
  private static final KernelFile[] NO_FILES = {};

  private static final long[] NO_NANOS = {};

  private final File tasks;
  private final byte[] buffer = new byte[KernelFile.PIECE];
  private final byte[] name = new byte[16];
  private Collection<String> known = new HashSet<String>();
  private KernelFile[] files = NO_FILES;
  private long[] nanos = NO_NANOS;

  /** False if a thread could not be read: a sum without the thread would be wrong. */
  private boolean complete = true;

  /** Time of threads before a late search found them, in nanoseconds. */
  private long lateNanos;

  /** True if the heap had no room for a search since the last one. */
  private boolean late;

  private long searchedAt;
  private long collectionsAtSearch;

  /** Finds the threads that exist now. */
  CollectorThreads(File tasks, long collections) {
    this.tasks = tasks;
    search(collections);
  }

  /**
   * Returns the part of {@link #millis} that no window of time may show: a search found threads
   * after a time without room for a search, and their earlier time counts at once.
   */
  long lateMillis() {
    return lateNanos / 1_000_000;
  }

  /**
   * Returns the CPU time in milliseconds since the threads started; {@link Reading#UNKNOWN} if the
   * kernel or the JVM does not tell.
   *
   * @param collections a number that changes after each collection
   */
  long millis(long collections) {
    return millis(collections, System.nanoTime());
  }

  long millis(long collections, long nanoTime) {
    long interval = complete ? SEARCH_NANOS : RETRY_NANOS;
    if (collections != collectionsAtSearch && nanoTime - searchedAt >= interval) {
      searchIfRoom(collections);
    }
    long sum = 0;
    for (int i = 0; i < files.length; i++) {
      nanos[i] = Math.max(nanos[i], files[i].word(0)); // a thread that has ended keeps its time
      sum += nanos[i];
    }
    return files.length == 0 ? Reading.UNKNOWN : sum / 1_000_000;
  }

  /** Searches in the plan's thread, where no error may end the plan. */
  private void searchIfRoom(long collections) {
    if (!HeapReadings.hasRoomForObjects()) {
      late = true;
      return;
    }
    try {
      search(collections);
      late = false;
    } catch (OutOfMemoryError taken) { // another thread took the room meanwhile
      complete = false;
      closeAll();
    }
  }

  private void search(long collections) {
    searchedAt = System.nanoTime();
    collectionsAtSearch = collections;
    String[] listed = tasks.list();
    String[] all = listed == null ? new String[0] : listed;
    complete = all.length <= MOST_THREADS;
    for (int i = 0; i < all.length && complete; i++) {
      if (!known.contains(all[i])) {
        add(new File(tasks, all[i]));
      }
    }
    known = new HashSet<String>(Arrays.asList(all));
    if (!complete) {
      closeAll();
    }
  }

  private void add(File task) {
    try {
      if (isCollector(nameOf(task))) {
        KernelFile[] moreFiles = Arrays.copyOf(files, files.length + 1);
        long[] moreNanos = Arrays.copyOf(nanos, moreFiles.length);
        // last: an OutOfMemoryError after the file is open would leave the descriptor open
        moreFiles[files.length] = new KernelFile(new File(task, "schedstat").getPath(), buffer);
        files = moreFiles;
        nanos = moreNanos;
        nanos[nanos.length - 1] = Math.max(0, files[files.length - 1].word(0));
        lateNanos += late ? nanos[nanos.length - 1] : 0;
      }
    } catch (IOException unreadable) {
      complete = !task.exists(); // the thread has ended, or no descriptor is left
    }
  }

  private String nameOf(File task) throws IOException {
    File file = new File(task, "comm");
    if (!file.isFile()) { // a foreign mount may be a pipe, which blocks
      throw new FileNotFoundException(file.getPath());
    }
    try (RandomAccessFile comm = new RandomAccessFile(file, "r")) {
      int length = Math.max(0, comm.read(name));
      return new String(name, 0, length, Charsets.ISO_8859_1);
    }
  }

  private static boolean isCollector(String thread) {
    for (String prefix : NAMES) {
      if (thread.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private void closeAll() {
    for (KernelFile file : files) {
      KernelFile.closeQuietly(file);
    }
    files = NO_FILES;
    nanos = NO_NANOS;
    known.clear(); // the next search begins anew
  }

  @Override
  public void close() {
    closeAll();
  }
}
