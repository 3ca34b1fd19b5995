// compare: what a program computes with the numbers of a file of tests/reference/cases: outputs, gradients, states.
//
// The gradients that a case of a layer holds are those of sum(output * seed), so that sum is the loss. A labelled case
// holds logits, labels, and their mean cross-entropy with its gradients. In double the values must agree to 1e-11; in
// float to 1e-5 of the largest value of the tensor, or of 0.5: the gradients of some biases are zero but for rounding. A
// case whose terms cancel names a larger `float_error`.
//
// Of a unit of its own, since there are hundreds of programs.
#pragma once
#include "../erased_program.hpp"

namespace reference {

template <class T> struct subject {
    const char* file;
    bool labelled;     // whether the loss is a cross-entropy with labels
    bool gradients;    // whether there are any to compare
    int output_count;  // of the network; the program's gradients by its inputs come after them
    double float_error;
    erased::program<T> program;
};

void compare(const subject<float>&);
void compare(const subject<double>&);

}  // namespace reference
