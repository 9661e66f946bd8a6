package io.allocmem.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Options of a JVM: each source in HotSpot's order, and each rule of quotes, comments and lines.
 */
class StartOptionsTest {
  private final Map<String, String> files = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  private StartOptions of(int jdk, String... line) {
    return StartOptions.of(
        Arrays.asList(line),
        environment,
        jdk,
        path -> {
          if (!files.containsKey(path)) {
            throw new FileNotFoundException(path);
          }
          return files.get(path).getBytes(StandardCharsets.UTF_8);
        });
  }

  /**
   * The texts come from the JDK's own test of argument files. Escapes are as in Java, ~ is a blank,
   * and | separates words.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "-version~-cp~\"c:\\\\java~libs\\\\one.jar\"~\\n; -version|-cp|c:\\java~libs\\one.jar",
        "com.foo.Panda~\"Furious~5\"\\fand\\t'Shi~Fu'~\"escape\\tprison; com.foo.Panda|Furious~5|and|Shi~Fu|escape\tprison",
        "\"mix~'single~quote'~in~double\"~partial\"quote~me\"this; mix~'single~quote'~in~double|partialquote~methis",
        "line~one~#comment\\n'line~#2'~#rest~are~comment\\r\\n#comment~on~line~3\\nline~4~#comment~to~eof; line|one|line~#2|line|4",
        "This~is~an~\"open~quote~\\n~~~~across~line\\n\\t,~note~for~WS.; This|is|an|open~quote~|across|line|,|note|for|WS.",
        "'-Dmy.quote.single'='Property~in~single~quote.~\"'; -Dmy.quote.single=Property~in~single~quote.~\"",
        "-XX:OnOutOfMemoryError=\"kill~-9~%p\"~-Xmx64m#c; -XX:OnOutOfMemoryError=kill~-9~%p",
        "c:\\\"partial~quote\"\\lib; c:\\partial~quote\\lib",
      })
  void argumentFilesAreReadAsTheLauncherReadsThem(String text, String words) {
    assertThat(ArgumentFile.words(inJava(text)))
        .containsExactly(words.replace('~', ' ').split("\\|", -1));
  }

  private static String inJava(String text) {
    return text.replace('~', ' ')
        .replace("\\n", "\n")
        .replace("\\r", "\r")
        .replace("\\f", "\f")
        .replace("\\t", "\t");
  }

  @Test
  void aLineOfAQuoteIsJoinedByABackslash() {
    assertThat(ArgumentFile.words("\"Open quote to \n  new \"line \\\n\r   third\\\n\r\\\tand\""))
        .containsExactly("Open quote to ", "new", "line third\tand");
    assertThat(ArgumentFile.words("\"a\\\n    b\" ''")).containsExactly("ab");
    assertThat(ArgumentFile.words("-cp '' x")).containsExactly("-cp", "", "x");
  }

  @Test
  void theSourcesComeInTheOrderOfHotSpot() {
    environment.put("JAVA_TOOL_OPTIONS", "-Xmx1m '-Dtool=a b'");
    environment.put("JDK_JAVA_OPTIONS", "-Xmx2m @jdk.args");
    environment.put("_JAVA_OPTIONS", "-Xmx5m");
    files.put("jdk.args", "-Djdk=1");
    files.put("vm", "-Xmx4m\n-Dvm='x y'");
    files.put("flags", "+A # comment\n-B OnX='kill -9 %p'\nD=1");
    String[] line = {
      "java", "@line.args", "-XX:VMOptionsFile=vm", "-XX:Flags=flags", "Main", "@a", "-Xmx9m"
    };
    files.put("line.args", "-Xmx3m -cp 'a b' --add-modules @@x");
    StartOptions options = of(17, line);
    assertThat(options.options())
        .containsExactly(
            "-XX:+A",
            "-XX:-B",
            "-XX:OnX=kill -9 %p",
            "-XX:D=1",
            "-Xmx1m",
            "-Dtool=a b",
            "-Xmx2m",
            "-Djdk=1",
            "-Xmx3m",
            "-cp",
            "a b",
            "--add-modules",
            "@@x",
            "-Xmx4m",
            "-Dvm=x y",
            "-XX:Flags=flags",
            "-Xmx5m");
    assertThat(options.main()).isEqualTo("Main");
    assertThat(options.unread()).isEmpty();
  }

  @Test
  void whatCannotBeReadIsNamed() {
    StartOptions options = of(21, "java", "@none", "-XX:VMOptionsFile=no", "-XX:Flags=not", "Main");
    assertThat(options.unread()).containsExactly("@none", "-XX:VMOptionsFile=no", "-XX:Flags=not");
    assertThat(options.main()).isEqualTo("Main");
    String[] many = new String[100_000];
    Arrays.setAll(many, i -> "@none" + i);
    assertThat(of(21, many).unread()).hasSize(16);
  }

  @Test
  void theLauncherOfJdk8KnowsNoFilesAndNoVariableOfItsOwn() {
    environment.put("JDK_JAVA_OPTIONS", "-Xmx2m");
    StartOptions options = of(8, "java", "-Xmx1m", "@main", "-Xmx3m");
    assertThat(options.options()).containsExactly("-Xmx1m");
    assertThat(options.main()).isEqualTo("@main");
    environment.put("JAVA_TOOL_OPTIONS", "-XX:+A -Dlong=" + "x".repeat(1009));
    assertThat(of(8, "java", "Main").options()).hasSize(2);
    environment.put("JAVA_TOOL_OPTIONS", "-XX:+A -Dlong=" + "x".repeat(1010));
    assertThat(of(8, "java", "Main").options()).isEmpty();
    assertThat(of(11, "java", "Main").options()).contains("-XX:+A");
  }

  @ParameterizedTest
  @CsvSource({
    "java -Xmx1m -cp lib Main -Xmx2m, Main",
    "java -jar -Xmx1m app.jar -Xmx2m, app.jar",
    "java -jar @jar, in.jar",
    "java @all -Xmx2m, org.Main",
    "java -m mod/cls -x, mod/cls",
    "java --module=mod/cls Main, mod/cls",
    "java --add-modules a --source 21 A.java, A.java",
    "java @@x, @x",
    "java --disable-@files @all, @all",
    "java @ x, @",
    "java -version, ''",
  })
  void theMainClassIsFoundBehindEachOption(String line, String main) {
    files.put("jar", "in.jar -Xmx9m");
    files.put("all", "-Xmx1m\norg.Main\n@no -Xmx3m");
    StartOptions options = of(17, line.split(" "));
    assertThat(options.main()).isEqualTo(main);
    assertThat(options.options()).doesNotContain("-Xmx2m", "-Xmx3m", "-Xmx9m");
    assertThat(options.unread()).isEmpty();
  }

  @Test
  void aProgramThatIsNoJavaMayPassMoreThanItSays() {
    List<String> line = Arrays.asList("javac", "-J-Xmx1m", "A.java");
    StartOptions options = StartOptions.ofHost(line, environment, path -> new byte[0]);
    assertThat(options.options()).contains("-Xmx1m");
    assertThat(options.unread()).containsExactly("the program's own");
  }
}
