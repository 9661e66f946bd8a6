package io.allocmem.launcher.many;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.process.ContainerNames;
import io.allocmem.launcher.process.JavaProcess;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A text matches a part of a name; a key matches a whole value. */
class JvmPatternTest {
  private static final ContainerNames POD =
      new ContainerNames("web-7", "0a1b", "server", "f00dfeed");

  private static boolean matches(String pattern, String main) {
    return matches(pattern, main, ContainerNames.NONE);
  }

  private static boolean matches(String pattern, String main, ContainerNames place) {
    JavaProcess jvm = new JavaProcess(9, 9, "shop", 1001, 1001, "21", main, place);
    return JvmPattern.parse(pattern).matches(jvm);
  }

  @ParameterizedTest
  @CsvSource({
    "Shop, com.example.Shop",
    "example, com.example.Shop",
    "ex*Shop, com.example.Shop",
    "main=com.example.Shop, com.example.Shop",
    "main=com.example.Shop, shop.module/com.example.Shop",
    "MAIN=com.example.*, com.example.Shop",
    "main=shop.jar, /opt/shop.jar",
    "jar=shop.jar, /opt/shop.jar",
    "jar=/opt/shop.jar, /opt/shop.jar",
    "jar=shop*, /opt/shop-1.2.jar",
    "user=shop, com.example.Shop",
    "user=s*p, com.example.Shop",
    ".*, a.*b",
    "main=a*b*b, aXbYbb",
    "main=a**a, aa",
    "b*a, xbbay",
  })
  void thePatternMatches(String pattern, String main) {
    assertThat(matches(pattern, main)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "shop, com.example.Shop",
    "main=Shop, com.example.Shop",
    "main=com.example.Shop, com.example.Shop2",
    "jar=shop, /opt/shop.jar",
    "jar=shop.jar, /opt/shop.jar.jar",
    "jar=com.example.Shop, com.example.Shop",
    "user=sho, com.example.Shop",
    ".+, com.example.Shop",
    "main=a*b*b, aXb",
    "main=a*a, a",
    "main=*, ?",
    "*, ?",
    "?, ?"
  })
  void thePatternDoesNotMatch(String pattern, String main) {
    assertThat(matches(pattern, main)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web",
        "rve",
        "pod=web-7",
        "pod=web-*",
        "pod=0a1b",
        "container=server",
        "container=f00dfeed",
        "container=f00d*"
      })
  void thePatternMatchesPodAndContainer(String pattern) {
    assertThat(matches(pattern, "Shop", POD)).isTrue();
    assertThat(matches(pattern, "Shop")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pod=web", "pod=web-70", "pod=server", "container=web-7", "f00d", "pod=*9"})
  void anotherPodOrContainerDoesNotMatch(String pattern) {
    assertThat(matches(pattern, "Shop", POD)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"user=1001, true", "user=100, false", "user=10*, true", "user=0, false"})
  void theUserMayBeGivenByNumber(String pattern, boolean matches) {
    assertThat(matches(pattern, "Shop")).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "main="})
  void aNameWithManyWaysToMatchDelaysNoCommand(String key) {
    String pattern = key + "*a".repeat(12) + "*b";
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(Patience.seconds(10)),
        () -> assertThat(matches(pattern, "a".repeat(200))).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "main=", "colour=red"})
  void aTextThatIsNoPatternIsRefused(String text) {
    assertThatThrownBy(() -> JvmPattern.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
