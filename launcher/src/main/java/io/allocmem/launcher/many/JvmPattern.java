package io.allocmem.launcher.many;

import io.allocmem.launcher.process.ContainerNames;
import io.allocmem.launcher.process.JavaProcess;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Pattern for JVMs. A text is a part of a name, as in {@code attach shop}. With a key the pattern
 * is a whole value, as in {@code user=shop}: {@code pod=shop-7} must not match {@code shop-70}. The
 * character {@code *} stands for any characters.
 *
 * @param text pattern as typed
 * @param key key of the values; null for a part of any name
 * @param value pattern of the value
 */
public record JvmPattern(String text, String key, Pattern value) {
  private static final Pattern KEYED = Pattern.compile("([A-Za-z]+)=(.*)", Pattern.DOTALL);
  private static final String UNKNOWN = "?";

  /** Values of a JVM by key; a JVM without the value has an empty list. */
  private static final Map<String, Function<JavaProcess, List<String>>> KEYS =
      new TreeMap<>(
          Map.of(
              "main", jvm -> names(jvm.main()),
              "jar", jvm -> jvm.main().endsWith(".jar") ? names(jvm.main()) : List.of(),
              "user", jvm -> List.of(jvm.user(), Integer.toUnsignedString(jvm.uid())),
              "pod", jvm -> List.of(jvm.place().podName(), jvm.place().podUid()),
              "container", jvm -> containers(jvm.place())));

  /**
   * Parses a pattern.
   *
   * @throws IllegalArgumentException with the rule, if the text is no pattern
   */
  public static JvmPattern parse(String text) {
    var keyed = KEYED.matcher(text);
    String key = keyed.matches() ? keyed.group(1).toLowerCase(Locale.ROOT) : null;
    String value = key == null ? text : keyed.group(2);
    if (value.isEmpty()) {
      throw new IllegalArgumentException("an empty pattern matches no JVM; --all is every JVM");
    }
    if (key != null && !KEYS.containsKey(key)) {
      throw new IllegalArgumentException("a key is one of " + String.join(", ", KEYS.keySet()));
    }
    return new JvmPattern(text, key, compiled(value, key == null));
  }

  /**
   * Between two stars the first place of a text is as good as any later place: no way back, since
   * anybody may give a process a name that takes a matcher with many ways for ever.
   */
  private static Pattern compiled(String value, boolean part) {
    String[] texts = (part ? "*" + value + "*" : value).split("\\*", -1);
    int last = texts.length - 1;
    StringBuilder glob = new StringBuilder(Pattern.quote(texts[0]));
    for (int i = 1; i < last; i++) {
      glob.append("(?>.*?").append(Pattern.quote(texts[i])).append(')');
    }
    glob.append(last == 0 ? "" : ".*" + Pattern.quote(texts[last]));
    return Pattern.compile(glob.toString(), Pattern.DOTALL);
  }

  /** Returns true if a name of the JVM, or the value of the key, matches. */
  public boolean matches(JavaProcess jvm) {
    return (key == null ? names(jvm) : KEYS.get(key).apply(jvm))
        .stream()
            .filter(each -> !each.isEmpty() && !each.equals(UNKNOWN))
            .anyMatch(each -> value.matcher(each).matches());
  }

  /** Returns the names that a text may be a part of. An id has parts by chance: no name. */
  private static List<String> names(JavaProcess jvm) {
    return List.of(jvm.main(), jvm.place().podName(), jvm.place().containerName());
  }

  /** Returns a main class with and without module, or a jar with and without directory. */
  private static List<String> names(String main) {
    return List.of(main, main.substring(main.lastIndexOf('/') + 1));
  }

  /** Returns name, short id and id. */
  private static List<String> containers(ContainerNames place) {
    return List.of(place.containerName(), place.container(), place.containerId());
  }

  @Override
  public String toString() {
    return "'" + text + "'";
  }
}
