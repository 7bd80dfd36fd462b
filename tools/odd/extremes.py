def extreme(rng, call, name, arguments):
    return "", None
def fault_of(call, result):
    return None
