import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantPool;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Prints, for each class named on stdin, the line of a class list with the numbers of its
 * references. The archive then contains the references as resolved, and the classes as linked:
 * JDK 24 and newer. All references, not those of a trial run, whose references differ each time.
 *
 * <p>Arguments: the home of a runtime, and a jar.
 */
final class References {
  public static void main(String[] of) throws IOException {
    try (FileSystem runtime =
            FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", of[0]));
        FileSystem jar = FileSystems.newFileSystem(Path.of(of[1]));
        BufferedReader names = new BufferedReader(new InputStreamReader(System.in))) {
      for (String name = names.readLine(); name != null; name = names.readLine()) {
        Path file = file(name, runtime, jar);
        if (file != null) {
          System.out.println("@cp " + name + numbers(Files.readAllBytes(file)));
        }
      }
    }
  }

  private static Path file(String name, FileSystem runtime, FileSystem jar) throws IOException {
    Path own = jar.getPath(name + ".class");
    if (Files.exists(own)) {
      return own;
    }
    String packageName = name.substring(0, Math.max(0, name.lastIndexOf('/'))).replace('/', '.');
    Path modules = runtime.getPath("packages", packageName);
    if (!Files.exists(modules)) {
      return null;
    }
    try (var links = Files.newDirectoryStream(modules)) {
      for (Path module : links) {
        Path file = runtime.getPath("modules", module.getFileName().toString(), name + ".class");
        if (Files.exists(file)) {
          return file;
        }
      }
    }
    return null;
  }

  private static String numbers(byte[] classFile) {
    StringBuilder numbers = new StringBuilder();
    ConstantPool pool = ClassFile.of().parse(classFile).constantPool();
    for (PoolEntry entry : pool) {
      boolean reference =
          entry instanceof ClassEntry
              || entry instanceof MemberRefEntry
              || entry instanceof InvokeDynamicEntry;
      if (reference) {
        numbers.append(' ').append(entry.index());
      }
    }
    return numbers.toString();
  }
}
