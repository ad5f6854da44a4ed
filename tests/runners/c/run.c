/* Runs vector files through the typed functions of the installed C library. Usage: run FOLDER */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdarg.h>
#include <sys/stat.h>

#include "json.h"
#include "table.h"

static int passed, failed;

/* What is wrong with a case; empty while nothing is. */
static char fault[1024];

static bool fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault, sizeof fault, format, arguments);
    va_end(arguments);
    return false;
}

static bool never_compared(slice name) {
    static const char *const names[] = {"idempotency_key", "message", "message_vi"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (name.length == strlen(names[i]) + 2 && memcmp(name.at + 1, names[i], strlen(names[i])) == 0) return true;
    }
    return false;
}

static slice member_like(slice object, slice wanted) {
    slice none = {NULL, 0}, name, value;
    const char *place = NULL;
    while (json_next(object, &place, &name, &value)) {
        if (json_same_string(name, wanted)) return value;
    }
    return none;
}

/* Every expected member must be there and equal; further ones are free. */
static bool compare(const char *path, slice found, slice expected, const char *skipped) {
    char deeper[512];
    slice name, value, other;
    const char *place = NULL, *other_place = NULL;
    if (json_is(expected, '{') && json_is(found, '{')) {
        while (json_next(expected, &place, &name, &value)) {
            bool skip = skipped != NULL && name.length == strlen(skipped) + 2 &&
                        memcmp(name.at + 1, skipped, strlen(skipped)) == 0;
            if (skip || never_compared(name)) continue;
            snprintf(deeper, sizeof deeper, "%s/%.*s", path, (int)name.length - 2, name.at + 1);
            other = member_like(found, name);
            if (other.at == NULL) return fail("%s: absent", deeper);
            if (!compare(deeper, other, value, NULL)) return false;
        }
        return true;
    }
    if (json_is(expected, '[') && json_is(found, '[')) {
        if (json_count(found) != json_count(expected)) return fail("%s: another number of elements", path);
        for (int i = 0; json_next(expected, &place, &name, &value); i++) {
            json_next(found, &other_place, &name, &other);
            snprintf(deeper, sizeof deeper, "%s/%d", path, i);
            if (!compare(deeper, other, value, NULL)) return false;
        }
        return true;
    }
    if (json_same_scalar(found, expected)) return true;
    return fail("%s: %.*s instead of %.*s", path, (int)found.length, found.at, (int)expected.length, expected.at);
}

static const operation *find_operation(const char *name) {
    for (size_t i = 0; i < sizeof OPERATIONS / sizeof *OPERATIONS; i++) {
        if (strcmp(OPERATIONS[i].name, name) == 0) return &OPERATIONS[i];
    }
    return NULL;
}

static const constructor *find_constructor(const char *gateway) {
    for (size_t i = 0; i < sizeof CONSTRUCTORS / sizeof *CONSTRUCTORS; i++) {
        if (strcmp(CONSTRUCTORS[i].gateway, gateway) == 0) return &CONSTRUCTORS[i];
    }
    return NULL;
}

/* Whether two JSON texts say the same. */
static bool same_json(const char *left, const char *right) {
    return compare("opened", json_value(left), json_value(right), NULL) &&
           compare("opened", json_value(right), json_value(left), NULL);
}

/* The body of a sealed request, opened again by the same client. */
static bool compare_opened(const kyso_client *client, const char *gateway, const kyso_result *sealed, slice expected) {
    char name[128];
    size_t length, wanted_length;
    snprintf(name, sizeof name, "%s.envelope.open", gateway);
    const operation *open = find_operation(name);
    const char *body = kyso_result_text(sealed, "/body", 5, &length);
    if (open == NULL || body == NULL) return fail("opened: nothing to open");
    kyso_result *opened = open->function(client, body, length);
    const char *text = kyso_result_text(opened, "/plaintext", 10, NULL);
    char *wanted = json_string(expected, &wanted_length);
    bool same = text != NULL && (strcmp(text, wanted) == 0 || same_json(text, wanted));
    if (!same) fail("opened: %s instead of %s", text == NULL ? "nothing" : text, wanted);
    free(wanted);
    kyso_result_free(opened);
    return same;
}

static bool compare_error(const kyso_result *result, slice expected) {
    size_t length;
    const char *json = kyso_error_json(result, &length);
    if (json == NULL) return fail("an error was expected");
    static const char *const compared[] = {"code", "field"};
    for (size_t i = 0; i < 2; i++) {
        slice wanted = json_member(expected, compared[i]);
        slice found = json_member(json_value(json), compared[i]);
        if (wanted.at == NULL) continue;
        if (found.at == NULL || !json_same_scalar(found, wanted)) return fail("%s: %s", compared[i], json);
    }
    return true;
}

static bool compare_result(const kyso_client *client, const char *gateway, const kyso_result *result, slice vector) {
    slice output = json_member(vector, "output"), error = json_member(vector, "error");
    if (error.at != NULL) return compare_error(result, error);
    if (output.at == NULL) return fail("the case expects nothing");
    const char *json = kyso_result_json(result, NULL, 0, NULL);
    if (json == NULL) return fail("%s", kyso_error_json(result, NULL));
    slice opened = json_member(output, "opened");
    if (opened.at == NULL) return compare("", json_value(json), output, NULL);
    return compare("", json_value(json), output, "opened") && compare_opened(client, gateway, result, opened);
}

/* The client, or the error of the configuration in *refused. */
static kyso_client *make_client(const char *gateway, slice config, kyso_result **refused) {
    kyso_client *client = NULL;
    const constructor *found = find_constructor(gateway);
    *refused = NULL;
    if (found == NULL || config.at == NULL) return NULL;
    kyso_result *result = found->function(config.at, config.length, &client);
    if (kyso_result_is_ok(result)) {
        kyso_result_free(result);
    } else {
        *refused = result;
    }
    return client;
}

static bool run_case(slice vector) {
    size_t length;
    slice operation_name = json_member(vector, "operation"), input = json_member(vector, "input");
    if (operation_name.at == NULL || input.at == NULL) return fail("operation or input is absent");
    char *name = json_string(operation_name, &length);
    char gateway[64];
    snprintf(gateway, sizeof gateway, "%.*s", (int)strcspn(name, "."), name);
    const operation *called = find_operation(name);
    free(name);
    if (called == NULL) return fail("no such operation");
    kyso_result *result;
    kyso_client *client = make_client(gateway, json_member(vector, "config"), &result);
    if (result == NULL) result = called->function(client, input.at, input.length);
    bool good = compare_result(client, gateway, result, vector);
    kyso_result_free(result);
    kyso_client_free(client);
    return good;
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    size_t count = fread(text, 1, (size_t)size, file);
    text[count] = '\0';
    fclose(file);
    return text;
}

static void run_file(const char *path) {
    char *text = read_file(path);
    slice cases = json_member(json_value(text == NULL ? "" : text), "cases"), name, vector;
    const char *place = NULL;
    if (cases.at == NULL) {
        printf("%s: no cases\n", path);
        failed++;
    }
    while (cases.at != NULL && json_next(cases, &place, &name, &vector)) {
        slice id = json_member(vector, "id");
        if (run_case(vector)) {
            passed++;
            continue;
        }
        failed++;
        printf("%s %.*s: %s\n", path, (int)id.length, id.at == NULL ? "" : id.at, fault);
    }
    free(text);
}

static void run_folder(const char *folder) {
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[4096];
        struct stat status;
        const char *name = entries[i]->d_name, *dot = strrchr(name, '.');
        snprintf(path, sizeof path, "%s/%s", folder, name);
        if (*name != '.' && stat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode)) run_folder(path);
            else if (dot != NULL && strcmp(dot, ".json") == 0) run_file(path);
        }
        free(entries[i]);
    }
    if (count >= 0) free(entries);
}

int main(int count, char **arguments) {
    if (count != 2) {
        fputs("usage: run FOLDER\n", stderr);
        return 2;
    }
    run_folder(arguments[1]);
    printf("c: %d passed, %d failed\n", passed, failed);
    return failed > 0 || passed == 0;
}
