package io.allocmem.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.reflect.Proxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassPoolTest {
  private Error thrown;

  private MemoryPoolMXBean pool() {
    return (MemoryPoolMXBean)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {MemoryPoolMXBean.class},
            (proxy, method, arguments) -> {
              if (thrown != null) {
                throw thrown;
              }
              return new MemoryUsage(0, 70, 80, 100);
            });
  }

  /** As HotSpot answers while the heap is full, or was full a moment ago. */
  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, InternalError.class})
  void aFullHeapKeepsTheFiguresAndRefusesABlock(Class<? extends Error> kind) throws Exception {
    ClassPool classes = new ClassPool(pool());
    thrown = kind.getConstructor(String.class).newInstance("Java heap space");
    assertThat(classes.used()).isEqualTo(70);
    assertThat(classes.isNearError(1)).isFalse();
    AreaExhausted refusal = new AreaExhausted("no metaspace left");
    assertThatThrownBy(classes::usedNow)
        .isInstanceOfSatisfying(
            OutOfMemoryError.class,
            error -> assertThatThrownBy(() -> refusal.by(error)).isSameAs(error));
  }
}
