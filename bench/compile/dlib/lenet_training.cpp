// What a user of dlib pays for the same LeNet and step, to compare.
#include <dlib/dnn.h>

#include <vector>

using namespace dlib;

using first = max_pool<2, 2, 2, 2, relu<con<6, 5, 5, 1, 1, input<matrix<float>>>>>;       // (6, 14, 14)
using second = max_pool<2, 2, 2, 2, relu<add_layer<con_<16, 5, 5, 1, 1, 0, 0>, first>>>;  // (16, 5, 5)
using lenet = loss_multiclass_log<fc<10, relu<fc<84, relu<fc<120, second>>>>>>;

double learn(const std::vector<matrix<float>>& images, const std::vector<unsigned long>& labels) {
    lenet net;
    dnn_trainer<lenet> trainer(net);
    trainer.set_learning_rate(0.1);
    trainer.train_one_step(images, labels);
    return trainer.get_average_loss();
}
