package io.allocmem.launcher;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Takes a value with an equals sign alone: the next word can be the PID or the name of a JVM. */
abstract class AttachedValue implements IParameterPreprocessor {
  private final String otherwise;

  /**
   * @param otherwise value of the option without an equals sign
   */
  AttachedValue(String otherwise) {
    this.otherwise = otherwise;
  }

  @Override
  @SuppressWarnings("JdkObsolete") // the class of picocli's interface
  public boolean preprocess(
      Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
    if (!"=".equals(info.get("separator"))) {
      words.push(otherwise);
    }
    return false; // picocli converts the value
  }
}
