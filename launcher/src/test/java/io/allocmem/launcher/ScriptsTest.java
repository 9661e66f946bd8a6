package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Answers to scripts about JVMs without a plan. */
class ScriptsTest {
  @Test
  void anAnswerNamesTheJvmAlsoIfNothingIsHeld() throws IOException {
    long self = ProcessHandle.current().pid();
    Map<String, Object> answer =
        JSON.std.mapFrom(InProcess.out("release", self, "--if-held", "--json"));
    assertThat(answer).containsEntry("verdict", "DONE").containsEntry("pid", Math.toIntExact(self));
  }

  @Test
  void aPlanThatHasStartedIsNoFailureIfNoFileAnswers() {
    HoldPlan plan = InProcess.plan("attach", "1", "-x", "9");
    assertThat(AttachCommand.plansOf(Integer.MAX_VALUE, plan)).isEmpty();
  }
}
