/* Finds the unpacked program or unpacks it, and becomes it.

   PLACE/HASH/            one version: the folder edition, and the list of its files
   PLACE/.new-*, .old-*   being made, being removed; never run

   A lock on PLACE is held while unpacking. A shared lock on PLACE/HASH is held, across the exec, by whoever runs it. */
#define _GNU_SOURCE
#include "launcher.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PROGRAM "gantry-edge/gantry-edge"

char *text(const char *format, ...) {
    char *made;
    va_list values;
    va_start(values, format);
    if (vasprintf(&made, format, values) < 0) _exit(DAMAGED);
    va_end(values);
    return made;
}

void fail(int code, const char *format, ...) {
    va_list values;
    va_start(values, format);
    fputs("gantry-edge: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(code);
}

static struct trailer read_trailer(int file, const char *self) {
    struct trailer found;
    off_t end = lseek(file, 0, SEEK_END) - (off_t)sizeof found;
    if (end < 0 || pread(file, &found, sizeof found, end) != sizeof found || memcmp(found.magic, MAGIC, sizeof found.magic) ||
        found.offset + found.size != (uint64_t)end)
        fail(DAMAGED, "%s is not whole. Download it again.", self);
    return found;
}

static bool make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        bool made = access(path, F_OK) == 0 || mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made) return false;
    }
    return access(path, F_OK) == 0 || mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool is_ours(int folder) {
    struct stat found;
    return fstat(folder, &found) == 0 && found.st_uid == geteuid() && !(found.st_mode & 022);
}

static int open_folder(const char *path) { return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

/* Held until the program ends. False where the folder was removed before the lock came. */
static bool hold(const char *folder) {
    struct stat held, there;
    int handle = open(folder, O_RDONLY | O_DIRECTORY); /* kept across the exec */
    if (handle < 0) return false;
    flock(handle, LOCK_SH); /* a file system without locks keeps every version */
    if (is_ours(handle) && fstat(handle, &held) == 0 && stat(folder, &there) == 0 && held.st_ino == there.st_ino) return true;
    close(handle);
    return false;
}

static int remove_one(const char *path, const struct stat *found, int kind, struct FTW *where) {
    (void)found, (void)kind, (void)where;
    return remove(path);
}

static void remove_folder(const char *path) { nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

/* Renamed first, so that a kill half-way leaves nothing that looks whole. */
static void put_away(const char *place, const char *name) {
    char *old = text("%s/.old-%s", place, name);
    remove_folder(old);
    if (rename(text("%s/%s", place, name), old) == 0) remove_folder(old);
}

/* Other versions that nobody runs, and what killed ones left. Called with the lock on the place. */
static void prune(const char *place, const char *name) {
    DIR *listing = opendir(place);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        if (!strncmp(entry->d_name, ".new-", 5) || !strncmp(entry->d_name, ".old-", 5))
            remove_folder(text("%s/%s", place, entry->d_name));
        else if (strlen(entry->d_name) == 2 * DIGEST && strcmp(entry->d_name, name)) {
            int other = open_folder(text("%s/%s", place, entry->d_name));
            if (other >= 0 && flock(other, LOCK_EX | LOCK_NB) == 0) put_away(place, entry->d_name);
            if (other >= 0) close(other);
        }
    }
    if (listing) closedir(listing);
}

/* Unpacks into a folder of its own, and gives it the name once all of it is on the disk. */
static bool install(int file, const struct trailer *trailer, const char *place, const char *name) {
    char *made = text("%s/.new-XXXXXX", place), *folder = text("%s/%s", place, name);
    if (isatty(STDERR_FILENO)) fputs("Unpacking Gantry Edge, once...\n", stderr);
    if (!mkdtemp(made)) return false;
    bool good = unpack(file, trailer, made);
    if (good && access(folder, F_OK) == 0) put_away(place, name); /* damaged; whoever still runs it has its files open */
    good = good && rename(made, folder) == 0;
    int why = errno;
    if (!good) remove_folder(made);
    errno = why;
    return good;
}

/* The folder of the program in this place, unpacked where it is not yet; NULL with errno where that cannot be. */
static char *settle(int file, const struct trailer *trailer, char *place, const char *name) {
    char *folder = text("%s/%s", place, name);
    if (hold(folder) && is_whole(folder)) return folder;
    struct statvfs disk;
    if (!make_folders(place)) return NULL;
    int lock = open_folder(place);
    if (lock < 0) return NULL;
    errno = EPERM;
    if (!is_ours(lock)) return NULL;
    errno = ENOEXEC;
    if (fstatvfs(lock, &disk) == 0 && disk.f_flag & ST_NOEXEC) return NULL;
    bool locked = flock(lock, LOCK_EX) == 0;
    if (locked) prune(place, name);
    bool good = (hold(folder) && is_whole(folder)) || install(file, trailer, place, name);
    int why = errno;
    if (good) fsync(lock);
    close(lock);
    errno = why;
    return good && hold(folder) ? folder : NULL;
}

static const char *reason(void) {
    if (errno == ENOEXEC) return "programs may not be run there (noexec)";
    return errno == EPERM ? "it belongs to somebody else" : strerror(errno);
}

int main(int count, char **arguments) {
    (void)count;
    char self[PATH_MAX] = "";
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) fail(DAMAGED, "/proc is not mounted");
    int file = open(self, O_RDONLY | O_CLOEXEC);
    if (file < 0) fail(DAMAGED, "%s: %s", self, strerror(errno));
    struct trailer trailer = read_trailer(file, self);
    char name[2 * DIGEST + 1];
    for (size_t each = 0; each < DIGEST; each++) sprintf(name + 2 * each, "%02x", trailer.sha256[each]);

    char *tried = "";
    for (char **place = places(self, arguments); *place; place++) {
        char *folder = settle(file, &trailer, *place, name);
        if (folder) {
            setenv("GANTRY_FILE", self, 1); /* read by config.py */
            execv(text("%s/" PROGRAM, folder), arguments);
        } else if (errno == EBADMSG)
            fail(DAMAGED, "%s is damaged. Download it again.", self);
        tried = text("%s\n  %s: %s", tried, *place, reason());
    }
    fail(NO_PLACE, "There is no place to unpack to. Name a folder with GANTRY_UNPACK_DIR, or free one of these:%s", tried);
}
