import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.reflect.Method;
import java.nio.channels.FileLock;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * Foreign application in the tests: prints "ready", answers each line on stdin by a line on stdout,
 * and ends with its parent. Needs Java 8 only, and no class of allocmem.
 */
public class TargetApplication {
  private static Swing swing;
  private static Garbage garbage;
  private static Hiccups hiccups;
  private static FileLock lock;

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    System.out.println("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(answer(line));
    }
  }

  private static String answer(String question) throws Exception {
    String[] words = question.split(" ");
    switch (words[0]) {
      case "gc":
        System.gc();
        return "collected";
      case "leave":
        return Keep.leaving(number(words[1]));
      case "grab":
        return Keep.grabbing(number(words[1]));
      case "fill":
        return Keep.filling(number(words[1]));
      case "load":
        return Load.run(number(words[1]), number(words[2]), number(words[3]));
      case "swing":
        swing = Swing.start(number(words[1]), number(words[2]), number(words[3]));
        return "swings";
      case "grow":
        return Growth.by(number(words[1]), words[2]);
      case "garbage":
        garbage = Garbage.start(number(words[1]), number(words[2]));
        return "makes garbage";
      case "pressure":
        Pressure.start(number(words[1]), number(words[2]));
        return "presses";
      case "errors":
        return String.valueOf(Pressure.errors());
      case "paging":
        return Paging.start(words[1], number(words[2]), number(words[3]));
      case "nodes":
        Pressure.keepNodes(number(words[1]));
        return "keeps";
      case "collect":
        Pressure.collect(number(words[1]), number(words[2]));
        return "collected";
      case "hiccups":
        hiccups = Hiccups.start();
        return "records";
      case "hiccuped":
        return hiccups.end();
      case "gctime":
        return String.valueOf(
            MemoryMXBean.class
                .getMethod("getTotalGcCpuTime")
                .invoke(ManagementFactory.getMemoryMXBean()));
      case "interrupt":
        return "interrupted " + interrupt(words[1]);
      case "live":
        return String.valueOf(swing.live());
      case "used":
        return used();
      case "occupied":
        return occupied();
      case "buffers":
        return buffers(words[1]);
      case "metaspace":
        return metaspace();
      case "resident":
        return HeldArrays.resident(words[1]);
      case "contents":
        return HeldArrays.contents(words[1], Long.parseLong(words[2]));
      case "max":
        return String.valueOf(Runtime.getRuntime().maxMemory());
      case "flag":
        return flag(words[1]);
      case "property":
        return System.getProperty(words[1]);
      case "module":
        return module();
      case "search":
        return Searching.start(words[1]);
      case "find":
        return Searching.find(words[1]);
      case "append":
        return Searching.append(words[1]);
      case "urls":
        return Searching.urls();
      case "manifests":
        return Searching.manifests();
      case "open":
        new FileInputStream(words[1]).close();
        return "closed";
      case "manage":
        System.setSecurityManager(new SecurityManager());
        return "managed";
      case "lock":
        lock = new RandomAccessFile(words[1], "rw").getChannel().lock(0, number(words[2]), false);
        return "locked";
      default:
        return "echo " + question;
    }
  }

  /** Interrupts all threads with this beginning of a name. */
  private static int interrupt(String name) {
    int count = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(name)) {
        thread.interrupt();
        count++;
      }
    }
    return count;
  }

  /** Returns the bytes of all buffers of a pool, by the JVM's count. */
  private static String buffers(String pool) {
    for (BufferPoolMXBean bean : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (bean.getName().equals(pool)) {
        return String.valueOf(bean.getMemoryUsed());
      }
    }
    throw new IllegalArgumentException(pool);
  }

  /** Returns the used bytes of metaspace, by the JVM's count. */
  private static String metaspace() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals("Metaspace")) {
        return String.valueOf(pool.getUsage().getUsed());
      }
    }
    throw new IllegalStateException("no metaspace");
  }

  /**
   * Returns the used bytes of heap and metaspace after collections, and the number of Java threads.
   */
  private static String used() throws Exception {
    for (int round = 0; round < 3; round++) {
      System.gc();
      Thread.sleep(50);
    }
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    return heap + " " + metaspace() + " " + threads;
  }

  /** Returns the heap used, garbage included, without a collection and without a bean. */
  private static String occupied() {
    return String.valueOf(Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
  }

  /**
   * Returns the current value of a flag. Loads the bean by name, since some runtimes lack the
   * class.
   */
  private static String flag(String name) throws Exception {
    Object option =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                "getVMOption",
                new Object[] {name},
                new String[] {"java.lang.String"});
    return String.valueOf(((CompositeData) option).get("value"));
  }

  private static int number(String word) {
    return Integer.parseInt(word);
  }

  /**
   * Returns the rights of the application's module. Uses reflection, since Java 8 has no modules.
   */
  private static String module() throws Exception {
    Method getModule = Class.class.getMethod("getModule");
    Object ours = getModule.invoke(TargetApplication.class);
    Object base = getModule.invoke(Object.class);
    Class<?> type = Class.forName("java.lang.Module");
    StringBuilder given = new StringBuilder();
    for (String name : new String[] {"jdk.internal.misc", "jdk.internal.access", "sun.nio.ch"}) {
      given.append(name).append('=');
      given.append(type.getMethod("isExported", String.class, type).invoke(base, name, ours));
      given.append('/').append(type.getMethod("isOpen", String.class, type).invoke(base, name, ours));
      given.append(' ');
    }
    try {
      Object enabled = type.getMethod("isNativeAccessEnabled").invoke(ours);
      return given + "nativeAccess=" + enabled;
    } catch (NoSuchMethodException before22) {
      return given + "nativeAccess=false";
    }
  }
}
