/*
 * Waits for writes to a file through a built page library, without a JVM:
 *
 *   check_watch LIBRARY FILE
 *
 * Prints one line per check; the exit code is the number of failed checks.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef jlong open_function(JNIEnv *, jclass, jbyteArray);
typedef jlong await_function(JNIEnv *, jclass, jlong, jlong);
typedef jlong close_function(JNIEnv *, jclass, jlong);

static int failed;

static void check(const char *what, long expected, long found) {
  failed += expected != found;
  printf("%s %s: %ld\n", expected == found ? "ok" : "FAILED", what, found);
}

/* An array of bytes is a text. */
static jsize length(JNIEnv *jvm, jarray array) {
  (void) jvm;
  return (jsize) strlen((char *) array);
}

static void region(JNIEnv *jvm, jbyteArray array, jsize start, jsize count, jbyte *to) {
  (void) jvm;
  memcpy(to, (char *) array + start, count);
}

int main(int count, char **arguments) {
  void *library = count == 3 ? dlopen(arguments[1], RTLD_NOW) : 0;
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 100;
  }
  open_function *watch = (open_function *) dlsym(library, "Java_io_allocmem_pages_FileWatch_open");
  await_function *await = (await_function *) dlsym(library, "Java_io_allocmem_pages_FileWatch_await");
  close_function *end = (close_function *) dlsym(library, "Java_io_allocmem_pages_FileWatch_close");
  struct JNINativeInterface_ table = {.GetArrayLength = length, .GetByteArrayRegion = region};
  JNIEnv jvm = &table;

  int file = open(arguments[2], O_RDWR | O_CREAT, 0600);
  jlong descriptor = watch(&jvm, 0, (jbyteArray) arguments[2]);
  check("watch is a descriptor", 1, descriptor > 2);
  check("it ends with a new program", FD_CLOEXEC, fcntl((int) descriptor, F_GETFD));
  check("no write", 0, await(&jvm, 0, descriptor, 1));
  check("write", 1, write(file, "a", 1));
  check("a write ends the wait", 1, await(&jvm, 0, descriptor, 60000));
  check("its event is read", 0, await(&jvm, 0, descriptor, 1));
  fchmod(file, 0400);
  check("a change of the mode", 2, await(&jvm, 0, descriptor, 60000));
  check("close", 0, end(&jvm, 0, descriptor));
  check("closed descriptor", -EBADF, await(&jvm, 0, descriptor, 1));
  check("missing file", -ENOENT, watch(&jvm, 0, (jbyteArray) "/missing"));
  char longest[5000];
  memset(longest, 'x', sizeof longest - 1);
  longest[sizeof longest - 1] = 0;
  check("long path", -EINVAL, watch(&jvm, 0, (jbyteArray) longest));
  check("descriptors left", file + 1, dup(file));
  return failed;
}
