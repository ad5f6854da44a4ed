/* What the generated tables are made of. */
#ifndef PHP_KYSO_H
#define PHP_KYSO_H

#include <kyso.h>
#include <php.h>

typedef struct {
    const char *property;
    const char *class_name;
    const zend_function_entry *methods;
} kyso_service;

typedef struct {
    const char *name;
    const char *class_name;
    bool has_client;
    const kyso_service *services;
    uint32_t service_count;
    /* Configuration fields that are objects, ended by NULL: their empty PHP array is {}, not []. */
    const char *const *objects;
} kyso_gateway;

typedef struct {
    const kyso_gateway *gateway;
    const zend_function_entry *methods;
} kyso_class;

static void kyso_construct(INTERNAL_FUNCTION_PARAMETERS, const kyso_gateway *gateway);

/* Runs an operation on the array that is the method's only argument. `objects` as in kyso_gateway. */
static void kyso_run(INTERNAL_FUNCTION_PARAMETERS, const char *operation, const char *const *objects);

extern zend_module_entry kyso_module_entry;
#define phpext_kyso_ptr &kyso_module_entry

#endif
