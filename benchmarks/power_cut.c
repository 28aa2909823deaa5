/* What a power cut needs to know: every write below POWER_CUT_BELOW and every fsync, in their order.
 *
 * Preloaded into each process of the experiment. A record is appended to POWER_CUT_LOG with one
 * write, so that records of several processes never mix; fsync is noted once it is through.
 *
 * cc -shared -fPIC -O2 -o power_cut.so power_cut.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct record {
    char what; /* W rite, T runcate, S ync, R ename, U nlink */
    char filler[3];
    uint32_t path_length;
    uint64_t offset;
    uint64_t length; /* of the data, or of the other path, that follows the path */
};

static int log_file = -2;
static const char *below;

static int is_noted(void) {
    if (log_file == -2) {
        const char *log = getenv("POWER_CUT_LOG");
        below = getenv("POWER_CUT_BELOW");
        log_file = log && below ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    }
    return log_file >= 0;
}

static void note(char what, const char *path, uint64_t offset, const void *data, uint64_t length) {
    struct record head = {what, {0}, strlen(path), offset, length};
    struct iovec parts[3] = {
        {&head, sizeof head}, {(void *)path, head.path_length}, {(void *)data, length}};
    if (writev(log_file, parts, data ? 3 : 2) < 0) abort(); /* an experiment without a log is none */
}

static int path_of(int file, char *path) {
    char link[64];
    if (!is_noted() || file == log_file) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strncmp(path, below, strlen(below)) == 0;
}

#define REAL(type, name, ...) ((type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

ssize_t pwrite64(int file, const void *data, size_t count, off64_t offset) {
    char path[PATH_MAX];
    ssize_t done = REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t)(file, data, count, offset);
    if (done > 0 && path_of(file, path)) note('W', path, offset, data, done);
    return done;
}

ssize_t pwrite(int file, const void *data, size_t count, off_t offset) {
    return pwrite64(file, data, count, offset);
}

ssize_t write(int file, const void *data, size_t count) {
    char path[PATH_MAX];
    int noted = path_of(file, path);
    off_t offset = noted ? lseek(file, 0, SEEK_CUR) : 0;
    ssize_t done = REAL(ssize_t, "write", int, const void *, size_t)(file, data, count);
    if (done > 0 && noted && offset >= 0) note('W', path, offset, data, done);
    return done;
}

int ftruncate64(int file, off64_t length) {
    char path[PATH_MAX];
    int done = REAL(int, "ftruncate64", int, off64_t)(file, length);
    if (!done && path_of(file, path)) note('T', path, length, NULL, 0);
    return done;
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

static int synced(int file, int done) {
    char path[PATH_MAX];
    if (!done && path_of(file, path)) note('S', path, 0, NULL, 0);
    return done;
}

int fsync(int file) { return synced(file, REAL(int, "fsync", int)(file)); }

int fdatasync(int file) { return synced(file, REAL(int, "fdatasync", int)(file)); }

int rename(const char *old, const char *new) {
    int done = REAL(int, "rename", const char *, const char *)(old, new);
    if (!done && is_noted() && strncmp(old, below, strlen(below)) == 0)
        note('R', old, 0, new, strlen(new));
    return done;
}

int unlink(const char *path) {
    int done = REAL(int, "unlink", const char *)(path);
    if (!done && is_noted() && strncmp(path, below, strlen(below)) == 0) note('U', path, 0, NULL, 0);
    return done;
}
