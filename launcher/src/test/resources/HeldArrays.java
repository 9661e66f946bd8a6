import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Looks at what a plan holds from inside of its JVM, by reflection and at this very moment, whatever
 * the plan says of itself. Needs java.lang opened, for the way from a thread to what it runs.
 */
final class HeldArrays {
  private HeldArrays() {}

  /** Bytes of the plan's blocks that are in RAM, counted by the kernel now. */
  static String resident(String plan) throws Exception {
    long sum = 0;
    for (Object block : blocks(plan)) {
      if (block != null) {
        Method resident = block.getClass().getDeclaredMethod("resident", long.class, long.class);
        resident.setAccessible(true);
        sum += (Long) resident.invoke(block, 0, get(block, "committed"));
      }
    }
    return String.valueOf(sum);
  }

  /** Whether each page of the first so many bytes of each array was written, and nothing else. */
  static String contents(String plan, long touched) throws Exception {
    long wrong = 0;
    int arrays = 0;
    for (Object block : blocks(plan)) {
      if (block != null) {
        arrays++;
        wrong += wrong((int[]) get(block, "array"), touched);
      }
    }
    return arrays + " arrays, " + wrong + " wrong";
  }

  private static long wrong(int[] array, long touched) {
    long wrong = 0;
    for (int i = 0; i < array.length; i++) {
      boolean written = i % 1024 == 0 && i * 4L < touched;
      wrong += array[i] == (written ? 1 : 0) ? 0 : 1;
    }
    return wrong;
  }

  private static Object[] blocks(String plan) throws Exception {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("allocmem-" + plan)) {
        Object blocks = get(get(runnable(thread), "held"), "blocks");
        Object[] copy = new Object[Array.getLength(blocks)];
        System.arraycopy(blocks, 0, copy, 0, copy.length);
        return copy;
      }
    }
    throw new IllegalStateException("no plan " + plan);
  }

  private static Object runnable(Thread thread) throws Exception {
    try {
      return get(thread, Thread.class.getDeclaredField("target"));
    } catch (NoSuchFieldException since19) {
      return get(get(thread, Thread.class.getDeclaredField("holder")), "task");
    }
  }

  private static Object get(Object object, String field) throws Exception {
    return get(object, object.getClass().getDeclaredField(field));
  }

  private static Object get(Object object, Field field) throws Exception {
    field.setAccessible(true);
    return field.get(object);
  }
}
