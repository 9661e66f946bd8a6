package io.allocmem.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.agent.ByteBuddyAgent;

/** Somebody else's agents in a target, which do nothing of their own. */
final class OtherAgent {
  private OtherAgent() {}

  /**
   * Loads one; returns when it is done.
   *
   * @param arguments the name of a file: it waits as long as that is there; empty for not at all
   */
  static void attach(Target target, String arguments) throws IOException {
    Path jar = jar("EmptyAgent");
    try {
      ByteBuddyAgent.attach(jar.toFile(), Long.toString(target.pid()), arguments);
    } finally {
      Files.delete(jar);
    }
  }

  /** The jar of one, for -javaagent or an attach; delete it afterwards. */
  static Path jar(String name) throws IOException {
    Path jar = Files.createTempFile("empty-", ".jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Agent-Class", name);
    manifest.getMainAttributes().putValue("Premain-Class", name);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.putNextEntry(new JarEntry(name + ".class"));
      out.write(Files.readAllBytes(Target.CLASSES.resolve(name + ".class")));
    }
    return jar;
  }
}
