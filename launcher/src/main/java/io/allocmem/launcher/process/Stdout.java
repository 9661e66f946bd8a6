package io.allocmem.launcher.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard output of this process: charset, writer, and kind of file. */
public final class Stdout {
  private Stdout() {}

  /**
   * Returns the charset of the locale, of stdout and stderr alike. The JVM's default charset is
   * UTF-8 from JDK 18 on, whatever the terminal uses.
   */
  public static Charset charset() {
    String locale = System.getProperty("native.encoding");
    return Charset.forName(System.getProperty("stdout.encoding", locale));
  }

  /** Returns a writer to that descriptor in the charset of the locale. */
  public static PrintWriter writer(FileDescriptor to) {
    return new PrintWriter(new OutputStreamWriter(new FileOutputStream(to), charset()), true);
  }

  /**
   * Returns true if stdout is a pipe or a socket: a reader can end before this process. Also true
   * where the kernel does not say.
   */
  public static boolean isPipe() {
    try {
      Path stdout = Path.of("/proc/self/fd/1");
      return Files.readSymbolicLink(stdout).toString().matches("(pipe|socket):.*");
    } catch (IOException | UnsupportedOperationException unknown) {
      return !Files.isDirectory(Path.of("/proc/self/fd"));
    }
  }
}
