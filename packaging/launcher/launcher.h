/* The single file: this program, with a compressed archive of the folder edition behind it. */
#ifndef LAUNCHER_H
#define LAUNCHER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define DIGEST 32
#define DAMAGED 7 /* exit codes of the program */
#define NO_PLACE 3

/* The last 64 bytes of the single file, written by packaging/single.py; little endian. */
struct trailer {
    char magic[16];
    uint64_t offset, size; /* of the payload: zstd frames that together hold one tar archive */
    uint8_t sha256[DIGEST];
};
#define MAGIC "gantry-payload-1"

/* Says what happened and ends the program. */
_Noreturn void fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A new string, as printf makes it. Nothing is freed: this program ends, or becomes another, within seconds. */
char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Unpacks the payload into a folder, writes the list of its files and brings all of it to the disk.
   False with errno where the disk does not take it, with EBADMSG where the payload is not what was built. */
bool unpack(int file, const struct trailer *trailer, const char *folder);

/* Are all files in the folder as `unpack` left them? Sizes and times only: a thousand looks, and no reading. */
bool is_whole(const char *folder);
bool write_list(const char *folder, char *const *names, size_t count);

/* Where to unpack, best first; ends with NULL. */
char **places(const char *self, char *const *arguments);

#endif
