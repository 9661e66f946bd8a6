import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Reads the blocks of a plan inside the plan's JVM by reflection, independent of the plan's own
 * counts. Needs java.lang to be open, for the step from a thread to its Runnable.
 */
final class HeldArrays {
  private HeldArrays() {}

  /** Returns the resident bytes of the plan's blocks by the kernel's current count. */
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

  /**
   * Counts the wrong elements of all arrays. Right is one written element in each page of the first
   * {@code touched} bytes, and zero elsewhere.
   */
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
        Object blocks = get(get(get(runnable(thread), "held"), "blocks"), "blocks");
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
