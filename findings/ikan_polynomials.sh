#!/bin/bash
# ikan 1.3.0, layers of Kolmogorov and Arnold, with torch 2.14.1. JacobiKAN's polynomials are not Jacobi's from degree 2 on:
# with a = b = 1 they are 1, 1, -0.083, -0.422 at 0.5, where Jacobi's are 1, 1, 0.188, -0.625 (scipy 1.17.1); with
# a = b = 0, Legendre's, degree 2 raises ZeroDivisionError. ChebyKAN keeps its input within -1 and 1 before tanh, so that
# everything above 1 counts as 1, and no polynomial sees an x beyond 0.762. A Shannon wavelet of WaveletKAN is windowed
# over the features and not over x: of three equal features the outer ones count 0.08.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q ikan==1.3.0 torch==2.14.1 scipy==1.17.1
env/bin/python -W ignore - <<'PYTHON' | grep -E '^(jacobi|chebyshev|shannon) ' | tee seen  # it prints where it is, too
import torch
from ikan import ChebyKANLinear, JacobiKANLinear, WaveletKANLinear
from scipy.special import eval_jacobi

torch.set_grad_enabled(False)
half = torch.atanh(torch.tensor([[0.5]]))  # what the layer makes 0.5 of

def jacobi(a, b):
    try:
        values = JacobiKANLinear(1, 1, degree=3, a=a, b=b).jacobi_polynomials(half)[0, 0].tolist()
    except ZeroDivisionError as error:
        return repr(error)
    return " ".join("%.3f" % v for v in values)

for a in (1.0, 0.0):
    print("jacobi", a, "ikan:", jacobi(a, a), "scipy:", *("%.3f" % eval_jacobi(n, a, a, 0.5) for n in range(4)))
chebyshev = ChebyKANLinear(1, 1, degree=2)
for x in (0.5, 1.0, 5.0):
    print("chebyshev", x, *("%.3f" % v for v in chebyshev.chebyshev_polynomials(torch.tensor([[x]]))[0, 0].tolist()))
wavelet = WaveletKANLinear(3, 1, wavelet_type="shannon")
wavelet.wavelet_weights.zero_()
for feature in range(3):
    wavelet.wavelet_weights[0, feature] = 1
    print("shannon of feature", feature, "%.3f" % wavelet.wavelet_transform(torch.full((1, 3), 1.0)).item())
    wavelet.wavelet_weights[0, feature] = 0
PYTHON
diff - seen <<'SEEN'
jacobi 1.0 ikan: 1.000 1.000 -0.083 -0.422 scipy: 1.000 1.000 0.188 -0.625
jacobi 0.0 ikan: ZeroDivisionError('float division by zero') scipy: 1.000 0.500 -0.125 -0.438
chebyshev 0.5 1.000 0.462 -0.573
chebyshev 1.0 1.000 0.762 0.160
chebyshev 5.0 1.000 0.762 0.160
shannon of feature 0 0.067
shannon of feature 1 0.841
shannon of feature 2 0.067
SEEN
