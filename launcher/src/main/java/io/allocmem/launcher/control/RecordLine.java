package io.allocmem.launcher.control;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.status.Printable;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads one line of a record. Field by field, as the JSON library makes 0 of a text where a number
 * should be: a value of another type is refused. Fields that are not known are passed over.
 */
public final class RecordLine {
  private RecordLine() {}

  /**
   * The sample that the line is, at the earliest at that time: where the clock was set back, a
   * chart does not go back.
   *
   * @throws IOException when it is none
   */
  public static Sample parse(String line, long earliest) throws IOException {
    try {
      Map<String, Object> fields = JSON.std.mapFrom(line);
      if (fields.get("time") instanceof Number time && time.longValue() < earliest) {
        fields.put("time", earliest);
      }
      return make(Sample.class, fields);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IOException(e);
    }
  }

  /** The sample that a status is. */
  public static Sample of(StatusReport report) {
    try {
      return make(Sample.class, report.toMap());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // a field of the status has another type than a sample's
    }
  }

  private static <R extends Record> R make(Class<R> type, Map<?, ?> fields)
      throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = value(components[i].getType(), fields.get(components[i].getName()));
    }
    Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    return type.getDeclaredConstructor(types).newInstance(values);
  }

  private static Object value(Class<?> type, Object json) throws ReflectiveOperationException {
    if (type == List.class) {
      return plans((List<?>) json);
    }
    if (type == Long.class && json instanceof Integer number) {
      return number.longValue(); // as the library reads what is small
    }
    if (type == Double.class && json instanceof Number number) {
      return number.doubleValue();
    }
    return type.cast(json instanceof String text ? Printable.of(text) : json);
  }

  private static List<PlanSample> plans(List<?> json) throws ReflectiveOperationException {
    PlanSample[] plans = new PlanSample[json.size()];
    for (int i = 0; i < plans.length; i++) {
      plans[i] = make(PlanSample.class, (Map<?, ?>) json.get(i));
    }
    return List.of(plans);
  }
}
