package io.allocmem.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArmedArgumentsTest {
  @Test
  void withoutOptionsTheArmingNeverEndsAndAllowsNoError() throws InvalidArguments {
    ArmedArguments armed = ArmedArguments.parse("armed");
    assertThat(armed.ttlNanos()).isZero();
    assertThat(armed.by()).isNull();
    assertThat(armed.allowsOutOfMemory()).isFalse();
    assertThat(armed).hasToString("armed");
  }

  @Test
  void takesALifetimeARequesterAndConsent() throws InvalidArguments {
    ArmedArguments armed = ArmedArguments.parse("armed,ttl=8h,by=Ann (team),oom=allow");
    assertThat(armed.ttlNanos()).isEqualTo(Duration.ofHours(8).toNanos());
    assertThat(armed.by()).isEqualTo("Ann (team)");
    assertThat(armed.allowsOutOfMemory()).isTrue();
    assertThat(armed).hasToString("armed,ttl=8h,by=Ann (team),oom=allow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x=100", "armed=1", "armedly", "m=1,armed"})
  void otherArgumentsAreAPlan(String arguments) {
    assertThat(ArmedArguments.isArmed(arguments)).isFalse();
    assertThat(ArmedArguments.isArmed(null)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "armed,x=100 | invalid option x=100: an armed agent takes ttl=TIME, by=WHO, oom=allow, main=PART",
        "armed,      | invalid option : an armed agent takes ttl=TIME, by=WHO, oom=allow, main=PART",
        "armed,ttl   | invalid option ttl: ",
        "armed,ttl=x | invalid option ttl=x: ",
        "armed,ttl=-1s | invalid option ttl=-1s: ",
        "armed,oom=1 | invalid option oom=1: it is allow or refuse",
        "armed,by=a;b | invalid option by=a;b: it is 1 to 64 letters",
        "armed,ttl=1h,ttl=2h | option ttl is given twice"
      })
  void anotherOptionIsRefusedWithTheRule(String arguments, String sentence) {
    assertThatThrownBy(() -> ArmedArguments.parse(arguments))
        .isInstanceOf(InvalidArguments.class)
        .hasMessageStartingWith(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "armed=1",
        "ARMED",
        " armed,ttl=1h",
        "armed ",
        "x=5,armed",
        "ttl=8h,Armed",
        ",armed"
      })
  void theWordInAnotherPlaceOrSpellingIsExplained(String arguments) {
    assertThatThrownBy(() -> AgentArguments.parse(arguments))
        .isInstanceOf(InvalidArguments.class)
        .hasMessage(
            "'armed' is the first word, without a value: armed, then ttl=TIME, by=WHO, oom=allow, main=PART");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x=1,n=armed2", "x=1,by=armed", "x=1,log=/tmp/armed"})
  void theWordAsAValueIsNotMeant(String arguments) throws InvalidArguments {
    assertThat(AgentArguments.parse(arguments)).isNotNull();
  }

  @Test
  void aPlanCannotHaveTheNameOfTheFile() {
    assertThatThrownBy(() -> AgentArguments.parse("x=1,n=armed"))
        .hasMessageContaining("the name armed is the file of an armed agent");
  }
}
