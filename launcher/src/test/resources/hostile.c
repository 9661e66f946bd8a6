/*
 * Hostile process that looks like a JVM: maps a file named libjvm.so, and obstructs each reader of
 * the process. Prints "ready", and ends with its input. Usage: hostile LIBJVM KIND [FILE...]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char **files;

static void map(const char *libjvm) {
  int fd = open(libjvm, O_RDONLY);
  if (fd < 0 || mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED) {
    perror(libjvm);
    exit(1);
  }
  close(fd);
}

/* The kernel does not merge neighbour mappings with different rights. */
static void map_many(void) {
  for (int i = 0; i < 60000; i++) {
    if (mmap(NULL, 4096, i & 1 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
        MAP_FAILED) {
      return;
    }
  }
}

static void *hog(void *none) {
  for (;;) {
    void *p = mmap(NULL, 1 << 28, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    munmap(p, 1 << 28);
    usleep(2000);
  }
  return none;
}

/* Makes a name a FIFO, a hard link and a symbolic link in turn, with no file in between. */
static void *swap(void *none) {
  for (;;) {
    unlink(files[0]);
    mkfifo(files[0], 0600);
    unlink(files[0]);
    link(files[1], files[0]);
    unlink(files[0]);
    symlink(files[2], files[0]);
    usleep(20);
  }
  return none;
}

static void *fork_on(void *none) {
  for (;;) {
    if (fork() == 0) {
      _exit(0);
    }
    usleep(1000); /* SIGCHLD is ignored: the kernel keeps no zombies */
  }
  return none;
}

static void *name(void *none) {
  prctl(PR_SET_NAME, "Attach Listener");
  pause();
  return none;
}

static void start(void *(*work)(void *)) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 1 << 16);
  pthread_create(&thread, &attributes, work, NULL);
}

/* A reader of the command line waits for a page that userfaultfd never delivers. */
static void keep_back(char *argument) {
  int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
  struct uffdio_api api = {.api = UFFD_API};
  uintptr_t page = (uintptr_t)argument & ~4095UL;
  struct uffdio_register whole = {.range = {page, 4096}, .mode = UFFDIO_REGISTER_MODE_MISSING};
  if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
      mmap((void *)page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
          MAP_FAILED ||
      ioctl(fd, UFFDIO_REGISTER, &whole)) {
    perror("userfaultfd");
  }
}

static void lock_all(const char *file) {
  struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  int fd = open(file, O_RDWR);
  if (fd < 0 || fcntl(fd, F_SETLK, &all)) {
    perror(file);
  }
}

int main(int argc, char **argv) {
  const char *kind = argv[2];
  char *first = argv[0];
  files = argv + 3;
  map(argv[1]);
  if (!strcmp(kind, "maps")) {
    map_many();
  } else if (!strcmp(kind, "hog")) {
    start(hog);
    start(hog);
  } else if (!strcmp(kind, "swap")) {
    start(swap);
  } else if (!strcmp(kind, "forks")) {
    signal(SIGCHLD, SIG_IGN);
    start(fork_on);
  } else if (!strcmp(kind, "threads")) {
    for (int i = 0; i < 500; i++) {
      start(name);
    }
  } else if (!strcmp(kind, "name")) {
    prctl(PR_SET_NAME, "\033]0;x\007\n1 root");
  } else if (!strcmp(kind, "lock")) {
    lock_all(files[0]);
  } else if (!strcmp(kind, "hidden")) {
    prctl(PR_SET_DUMPABLE, 0);
  }
  printf("ready\n");
  fflush(stdout);
  if (!strcmp(kind, "back")) {
    keep_back(first);
  }
  if (!strcmp(kind, "stop")) {
    raise(SIGSTOP);
  }
  if (!strcmp(kind, "zombie") && fork() == 0) {
    _exit(0);
  }
  char end;
  while (read(0, &end, 1) > 0) {
  }
  return 0;
}
