/*
 * Runs a built page library without a JVM, on memory of its own:
 *
 *   check_pages LIBRARY [emulated]
 *
 * A struct describes each "array", and a JNI table of two functions hands out the array. Prints
 * one line per check; the exit code is the number of failed checks.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <jni.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 1024
#define HUGE (2 << 20)

typedef jlong resident_function(JNIEnv *, jclass, jintArray, jlong, jlong, jlong, jint);
typedef jlong stack_pointer_function(JNIEnv *, jclass);
typedef jlong address_function(JNIEnv *, jclass, jintArray);
typedef jlong write_function(JNIEnv *, jclass, jlong, jlong, jint, jint);
typedef jlong huge_function(JNIEnv *, jclass, jlong, jlong, jint);
typedef jlong lock_function(JNIEnv *, jclass, jlong, jlong, jint, jboolean);
typedef jlong trim_function(JNIEnv *, jclass, jobjectArray, jint, jint, jlong, jlong, jlong, jint,
                            jint, jlongArray);
typedef jlong drop_function(JNIEnv *, jclass, jintArray, jlong, jlong, jlong, jlong, jint, jint);

/* The array is at another place before the given number of moves. */
struct array {
  char *elements;
  int copied;
  int pins;
  char *before;
  int moves;
};

static resident_function *resident;
static drop_function *give_back;
static address_function *address_of;
static int failed;

static void *pin(JNIEnv *jvm, jarray array, jboolean *is_copy) {
  (void) jvm;
  (void) is_copy;
  struct array *one = (struct array *) array;
  one->pins++;
  if (one->copied) {
    return malloc(PAGES * PAGE);
  }
  return one->moves > 0 ? one->before + one->moves * PAGE : one->elements;
}

static void unpin(JNIEnv *jvm, jarray array, void *elements, jint mode) {
  (void) jvm;
  (void) mode;
  struct array *one = (struct array *) array;
  one->pins--;
  one->moves -= one->pins == 0; /* a pinned array stays */
  if (one->copied) {
    free(elements);
  }
}

/* An array of arrays is a table of pointers, and an array of longs is the longs. */
static int frames;

static jint push_frame(JNIEnv *jvm, jint capacity) {
  (void) jvm;
  (void) capacity;
  frames++;
  return 0;
}

static jobject pop_frame(JNIEnv *jvm, jobject result) {
  (void) jvm;
  frames--;
  return result;
}

static jobject element(JNIEnv *jvm, jobjectArray arrays, jsize index) {
  (void) jvm;
  return ((jobject *) arrays)[index];
}

static void set_longs(JNIEnv *jvm, jlongArray to, jsize start, jsize count, const jlong *from) {
  (void) jvm;
  memcpy((jlong *) to + start, from, count * sizeof *from);
}

static const struct JNINativeInterface_ functions = {
    .PushLocalFrame = push_frame,
    .PopLocalFrame = pop_frame,
    .GetObjectArrayElement = element,
    .SetLongArrayRegion = set_longs,
    .GetPrimitiveArrayCritical = pin,
    .ReleasePrimitiveArrayCritical = unpin,
};
static const struct JNINativeInterface_ *jvm = &functions;

static void check(const char *what, long expected, long seen) {
  failed += expected != seen;
  printf("%s %s: %ld\n", expected == seen ? "ok  " : "FAIL", what, seen);
  if (expected != seen) {
    printf("     expected %ld\n", expected);
  }
}

static char *map(int kind) {
  char *memory = mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("mmap");
    exit(100);
  }
  return memory;
}

static jlong pages_in_ram(struct array *array, char *address, long bytes) {
  return resident(&jvm, 0, (jintArray) array, (jlong) address, 0, bytes, PAGE) / PAGE;
}

static jlong drop(jint advice, struct array *array, char *address, jlong length, jlong from,
                  jlong to) {
  return give_back(&jvm, 0, (jintArray) array, (jlong) address, length, from, to, PAGE, advice);
}

static long count_not(char value, char *from, char *to) {
  long different = 0;
  for (; from < to; from++) {
    different += *from != value;
  }
  return different;
}

static void memory_at_an_address(const char *name, int kind, jint advice) {
  printf("%s mapping, by address\n", name);
  char *memory = map(kind);
  check("pages of a new mapping", 0, pages_in_ram(0, memory, PAGES * PAGE));
  memset(memory, 1, PAGES / 4 * PAGE);
  check("pages once a quarter is written", PAGES / 4, pages_in_ram(0, memory, PAGES * PAGE));
  memset(memory, 1, PAGES * PAGE);
  check("all are written", PAGES, pages_in_ram(0, memory, PAGES * PAGE));
  jlong from = PAGES / 4 * PAGE;
  check("drop", 0, drop(advice, 0, memory, PAGES * PAGE, from, PAGES * PAGE));
  check("pages left", PAGES / 4, pages_in_ram(0, memory, PAGES * PAGE));
  check("written bytes lost", 0, count_not(1, memory, memory + from));
  check("bytes that do not read as zero", 0, count_not(0, memory + from, memory + PAGES * PAGE));
  munmap(memory, PAGES * PAGE);
}

/* Layout as on a heap: a header precedes the elements, and both ends lie inside pages. */
static void array_with_ragged_ends(void) {
  printf("array whose ends lie inside pages\n");
  char *memory = map(MAP_PRIVATE);
  memset(memory, 1, PAGES * PAGE);
  struct array array = {.elements = memory + 1000};
  jlong length = PAGES * PAGE - 2000;
  check("pages that begin in it", PAGES - 1, pages_in_ram(&array, 0, length));
  check("drop all", 0, drop(MADV_DONTNEED, &array, 0, length, 0, length));
  check("only the last page is left", 1, pages_in_ram(&array, 0, length));
  check("neighbour before lost", 0, count_not(1, memory, memory + PAGE));
  check("neighbour after lost", 0, count_not(1, memory + PAGES * PAGE - PAGE, memory + PAGES * PAGE));
  check("pins left", 0, array.pins);

  memset(memory, 1, PAGES * PAGE);
  for (jlong at = 0; at < length; at += 3000) {
    drop(MADV_DONTNEED, &array, 0, length, at, at + 3000);
  }
  check("in odd slices no page is forgotten", 1, pages_in_ram(&array, 0, length));

  memset(memory, 1, PAGES * PAGE);
  drop(MADV_DONTNEED, &array, 0, length, -16, length);
  check("a header is never dropped", 0, count_not(1, memory, memory + 1000));
  munmap(memory, PAGES * PAGE);
}

static void large_pages(void) {
  printf("machine with pages of 64 KiB\n");
  char *memory = map(MAP_PRIVATE);
  memset(memory, 1, PAGES * PAGE);
  char *start = memory + 5 * PAGE;
  jlong length = 512 * PAGE;
  give_back(&jvm, 0, 0, (jlong) start, length, 0, length, 16 * PAGE, MADV_DONTNEED);
  long lost = 0;
  for (long i = 0; i < PAGES; i++) {
    lost += memory[i * PAGE] == 0;
  }
  long whole = ((long) (start + length) / (16 * PAGE) - ((long) start + 16 * PAGE - 1) / (16 * PAGE)) * 16;
  check("small pages given back", whole, lost);
  munmap(memory, PAGES * PAGE);
}

static void refusals(int emulated) {
  printf("refusals\n");
  char *memory = map(MAP_PRIVATE);
  memset(memory, 1, PAGES * PAGE);
  struct array copied = {.elements = memory, .copied = 1};
  check("drop of a copy", -4096, drop(MADV_DONTNEED, &copied, 0, PAGE, 0, PAGE));
  check("count of a copy", -4096, resident(&jvm, 0, (jintArray) &copied, 0, 0, PAGE, PAGE));
  check("address of a copy", 0, address_of(&jvm, 0, (jintArray) &copied));
  check("pins left", 0, copied.pins);
  check("other advice", -EINVAL, drop(MADV_WILLNEED, 0, memory, PAGE, 0, PAGE));
  check("bytes lost", 0, count_not(1, memory, memory + PAGES * PAGE));
  munmap(memory, PAGES * PAGE);
  check("count of what is not mapped", -ENOMEM,
        resident(&jvm, 0, 0, (jlong) memory, 0, PAGE, PAGE));
  if (!emulated) {
    check("drop of what is not mapped", -ENOMEM,
          drop(MADV_DONTNEED, 0, memory, PAGE, 0, PAGE));
  }
}

/* A heap in a file: the file system may have no room for the page that fills a hole. */
static void a_file_gets_no_hole(void) {
  printf("shared mapping of a file, dropped as a private one\n");
  char *memory = map(MAP_SHARED);
  memset(memory, 1, PAGES * PAGE);
  check("drop", 0, drop(MADV_DONTNEED, 0, memory, PAGES * PAGE, 0, PAGES * PAGE));
  check("written bytes lost", 0, count_not(1, memory, memory + PAGES * PAGE));
  munmap(memory, PAGES * PAGE);
}

static void addresses(void) {
  printf("address of an array\n");
  char *memory = map(MAP_PRIVATE);
  struct array array = {.elements = memory + 1000};
  check("is its first element's", (long) memory + 1000, address_of(&jvm, 0, (jintArray) &array));
  check("pins left", 0, array.pins);
  munmap(memory, PAGES * PAGE);
}

static void moved_array(void) {
  printf("array that moves between two pins\n");
  char *memory = map(MAP_PRIVATE), *before = map(MAP_PRIVATE);
  memset(memory, 1, 3 * PAGE);
  munmap(before, PAGES * PAGE);
  struct array once = {.elements = memory, .before = before, .moves = 1};
  check("pages where it is now", 3, pages_in_ram(&once, 0, PAGES * PAGE));
  check("pins left", 0, once.pins);
  struct array often = {.elements = memory, .before = before, .moves = 4};
  check("pages while it is pinned", 3, pages_in_ram(&often, 0, PAGES * PAGE));
  check("pins left", 0, often.pins);
  munmap(memory, PAGES * PAGE);
}

enum { HEADER = 16, SMALL = 4 * PAGE, MANY = 64, STEP = SMALL / PAGE };

static jlong trim_many(trim_function *trim, struct array **arrays, jint count, jlong kept,
                       jlong result[3]) {
  return trim(&jvm, 0, (jobjectArray) arrays, count, HEADER, SMALL - HEADER, SMALL, kept, PAGE,
              MADV_DONTNEED, (jlongArray) result);
}

/* 64 arrays beside each other, the last one first, and the header of each in the page of another. */
static void many_arrays(trim_function *trim) {
  printf("many arrays\n");
  char *memory = map(MAP_PRIVATE);
  memset(memory, 1, PAGES * PAGE);
  struct array many[MANY], *each[MANY];
  for (int i = 0; i < MANY; i++) {
    many[i] = (struct array) {.elements = memory + PAGE + 1000 + (MANY - 1 - i) * SMALL + HEADER};
    each[i] = &many[i];
  }
  jlong result[3] = {0};
  check("trim to one page", 0, trim_many(trim, each, MANY, 1, result));
  check("pages left", MANY, result[0] / PAGE);
  check("pages dropped", MANY * (STEP - 1), result[1] / PAGE);
  check("arrays with less", 0, result[2]);
  check("pages in RAM", PAGES - MANY * (STEP - 1), pages_in_ram(0, memory, PAGES * PAGE));
  long lost = 0;
  for (int i = 0; i < MANY; i++) {
    lost += count_not(1, many[i].elements - HEADER, many[i].elements + sizeof(int));
  }
  check("bytes of headers and first elements lost", 0, lost);
  check("trim again", 0, trim_many(trim, each, MANY, 1, result));
  check("pages dropped again", 0, result[1]);
  check("arrays of which three pages were to stay", 0, trim_many(trim, each, MANY, 8193, result));
  check("arrays with less", MANY, result[2]);
  memset(memory, 1, PAGES * PAGE);
  check("trim to all", 0, trim_many(trim, each, MANY, 12289, result));
  check("pages left", MANY * STEP, result[0] / PAGE);
  long pins = frames;
  for (int i = 0; i < MANY; i++) {
    pins += many[i].pins;
  }
  check("pins and frames left", 0, pins);
  munmap(memory, PAGES * PAGE);
}

/* Between two arrays of one call may be what is not mapped, or more than is counted at once. */
static void arrays_apart(trim_function *trim, int emulated) {
  printf("arrays apart\n");
  char *memory = map(MAP_PRIVATE);
  memset(memory, 1, PAGES * PAGE);
  struct array many[] = {{.elements = memory + HEADER},
                         {.elements = memory + 8 * PAGE + HEADER},
                         {.elements = memory + (PAGES - STEP) * PAGE + HEADER}};
  struct array *each[] = {&many[0], &many[1], &many[2]};
  jlong result[3] = {0};
  if (!emulated) {
    munmap(memory + 5 * PAGE, PAGE);
  }
  check("trim", 0, trim_many(trim, each, 3, 1, result));
  check("pages left", 3, result[0] / PAGE);
  check("pages dropped", 3 * (STEP - 1), result[1] / PAGE);
  many[1].copied = 1;
  check("trim with a copy", -4096, trim_many(trim, each, 3, 1, result));
  check("trim of too many", -EINVAL, trim_many(trim, each, MANY + 1, 1, result));
  check("pins and frames left", 0, many[0].pins + many[1].pins + many[2].pins + frames);
  munmap(memory, PAGES * PAGE);
}

static void written(write_function *write) {
  printf("written memory\n");
  char *memory = map(MAP_PRIVATE);
  check("nothing", 0, write(&jvm, 0, (jlong) memory, (jlong) memory, PAGE, PAGE));
  jlong from = (jlong) memory + PAGE + 1000;
  jlong error = write(&jvm, 0, from, from + PAGE + 1, PAGE, PAGE);
  check("written in one call, or Linux before 5.14", 0, error == -EINVAL ? 0 : error);
  check("pages resident", 2, pages_in_ram(0, memory, PAGES * PAGE));
  check("pages before", 0, pages_in_ram(0, memory, PAGE));
  check("first int", 1, *(int *) from);
  check("second int", 1, *(int *) (from + PAGE));
  write(&jvm, 0, from, from + PAGE, PAGE, PAGE);
  check("pages after the same again", 2, pages_in_ram(0, memory, PAGES * PAGE));
  check("other bytes", 2, count_not(0, memory, memory + PAGES * PAGE));
  munmap(memory, PAGES * PAGE);
}

/* KiB after a name in the mapping of an address in smaps, or -1; without an address, in status. */
static long kib(const char *file, const char *name, char *at) {
  FILE *text = fopen(file, "r");
  char line[4096];
  long found = -1;
  int inside = !at;
  while (text && fgets(line, sizeof line, text)) {
    unsigned long first, end;
    if (at && sscanf(line, "%lx-%lx ", &first, &end) == 2) {
      inside = first <= (unsigned long) at && (unsigned long) at < end;
    } else if (inside && !strncmp(line, name, strlen(name))) {
      found = atol(line + strlen(name));
    }
  }
  if (text) {
    fclose(text);
  }
  return found;
}

/* Only whole huge pages between the addresses are huge; without huge pages each page is written. */
static void huge_pages(huge_function *huge, write_function *write, int emulated) {
  printf("huge pages\n");
  char *memory = mmap(0, 5 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *first = (char *) (((unsigned long) memory + HUGE) & -(unsigned long) HUGE);
  check("too little for a huge page", 0, huge(&jvm, 0, (jlong) first + 1, (jlong) first + HUGE, HUGE));
  check("advice", 0, huge(&jvm, 0, (jlong) first - 1, (jlong) first + 2 * HUGE + 1, HUGE));
  write(&jvm, 0, (jlong) first, (jlong) first + 2 * HUGE, PAGE, HUGE);
  check("resident", 2 * HUGE, resident(&jvm, 0, 0, (jlong) memory, 0, 5 * HUGE, PAGE));
  if (!emulated) {
    check("huge", 2 * HUGE / 1024, kib("/proc/self/smaps", "AnonHugePages:", first));
  }
  check("bytes written", emulated ? 2 * HUGE / PAGE : 2, count_not(0, first, first + 2 * HUGE));
  munmap(memory, 5 * HUGE);
}

/* The pages of the writes, and no other, are locked. */
static void locked_pages(lock_function *lock, write_function *write) {
  printf("locked pages\n");
  char *memory = map(MAP_PRIVATE);
  long before = kib("/proc/self/status", "VmLck:", 0);
  jlong from = (jlong) memory + 1000;
  check("lock", 0, lock(&jvm, 0, from, from + 9 * PAGE, PAGE, 1));
  check("locked", 9 * PAGE / 1024, kib("/proc/self/status", "VmLck:", 0) - before);
  check("pages before a touch", 0, pages_in_ram(0, memory, PAGES * PAGE));
  write(&jvm, 0, from, from + 9 * PAGE, PAGE, PAGE);
  check("pages resident", 9, pages_in_ram(0, memory, PAGES * PAGE));
  check("drop of locked pages", -EINVAL,
        drop(MADV_DONTNEED, 0, memory, PAGES * PAGE, 0, PAGES * PAGE));
  check("unlock", 0, lock(&jvm, 0, from, from + 9 * PAGE, PAGE, 0));
  check("locked afterwards", 0, kib("/proc/self/status", "VmLck:", 0) - before);
  check("lock of nothing", 0, lock(&jvm, 0, from, from, PAGE, 1));
  check("lock where nothing is", -ENOMEM, lock(&jvm, 0, 0, PAGE, PAGE, 1));
  munmap(memory, PAGES * PAGE);
}

static void stack(stack_pointer_function *stack_pointer) {
  char here = 0;
  long distance = (long) &here - stack_pointer(&jvm, 0);
  printf("stack\n");
  check("stack pointer is far from here", 0, distance < -PAGE || distance > PAGE);
}

int main(int count, char **arguments) {
  void *library = dlopen(arguments[1], RTLD_NOW);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 100;
  }
  resident = (resident_function *) dlsym(library, "Java_io_allocmem_pages_JniPages_resident");
  give_back = (drop_function *) dlsym(library, "Java_io_allocmem_pages_JniPages_giveBack");
  address_of = (address_function *) dlsym(library, "Java_io_allocmem_pages_JniPages_addressOf");
  memory_at_an_address("private", MAP_PRIVATE, MADV_DONTNEED);
  int emulated = count > 2; /* user-mode QEMU ignores such advice and unmapped pages */
  if (!emulated) {
    memory_at_an_address("shared", MAP_SHARED, MADV_REMOVE);
    a_file_gets_no_hole();
  }
  addresses();
  array_with_ragged_ends();
  large_pages();
  refusals(emulated);
  moved_array();
  trim_function *trim = (trim_function *) dlsym(library, "Java_io_allocmem_pages_JniPages_trim");
  many_arrays(trim);
  arrays_apart(trim, emulated);
  write_function *write =
      (write_function *) dlsym(library, "Java_io_allocmem_pages_JniPages_write");
  written(write);
  huge_pages((huge_function *) dlsym(library, "Java_io_allocmem_pages_JniPages_adviseHuge"), write,
             emulated);
  if (!emulated) { /* as the advice */
    locked_pages((lock_function *) dlsym(library, "Java_io_allocmem_pages_JniPages_lock"), write);
  }
  stack((stack_pointer_function *) dlsym(library, "Java_io_allocmem_pages_JniPages_stackPointer"));
  return failed;
}
